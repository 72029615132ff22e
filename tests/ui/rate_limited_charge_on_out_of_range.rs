//! What is the status of no answer.

use tollgate::rate_limited;

#[rate_limited("100/minute", charge_on = [99, 600])]
async fn beside() {}

#[rate_limited("100/minute", charge_on = [0, -401, 40_100_000_000])]
async fn far() {}

fn main() {}
