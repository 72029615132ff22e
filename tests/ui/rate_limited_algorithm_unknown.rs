//! What is no algorithm.

use tollgate::rate_limited;

#[rate_limited("100/minute", algorithm = magic)]
async fn magic() {}

#[rate_limited("100/minute", algorithm)]
async fn no_value() {}

#[rate_limited("100/minute", algorithm = 5)]
async fn number() {}

#[rate_limited("100/minute", algorithm = [gcra])]
async fn list() {}

fn main() {}
