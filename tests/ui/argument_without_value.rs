//! A key that needs a value and has none.

use tollgate::rate_limited;

#[rate_limited("100/minute", burst)]
async fn burst() {}

#[rate_limited("100/minute", key)]
async fn key() {}

#[rate_limited("100/minute", missing = )]
async fn missing() {}

#[rate_limited("100/minute", cost)]
async fn cost() {}

#[rate_limited("100/minute", name)]
async fn name() {}

#[rate_limited("100/minute", crate)]
async fn root() {}

fn main() {}
