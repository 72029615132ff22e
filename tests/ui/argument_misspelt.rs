//! "Did you mean".

use tollgate::rate_limited;

#[rate_limited("100/minute", brust = 200)]
async fn burst() {}

#[rate_limited("100/minute", Key = ip)]
async fn key() {}

#[rate_limited("100/minute", mising = reject)]
async fn missing() {}

#[rate_limited("100/minute", costs = 5)]
async fn cost() {}

#[rate_limited("100/minute", shaddow)]
async fn shadow() {}

#[rate_limited("100/minute", nmae = "handler")]
async fn name() {}

fn main() {}
