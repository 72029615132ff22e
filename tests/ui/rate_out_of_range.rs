//! A rate that admits nothing, or more than can be counted.

use tollgate::rate_limited;

#[rate_limited("0/minute")]
async fn zero_quota() {}

#[rate_limited("10/0s")]
async fn zero_period() {}

#[rate_limited("99999999999/minute")]
async fn quota_too_large() {}

#[rate_limited("1/400 days")]
async fn period_too_long() {}

#[rate_limited("4000000/ms")]
async fn above_one_per_nanosecond() {}

fn main() {}
