//! A log keeps the moment of every request.

use tollgate::rate_limited;

#[rate_limited("10001/hour", algorithm = sliding_log)]
async fn one_rate() {}

#[rate_limited("10/second", "20000/day", algorithm = sliding_log)]
async fn one_of_several() {}

#[rate_limited("10000/hour", algorithm = sliding_log)]
async fn long_enough() {}

fn main() {}
