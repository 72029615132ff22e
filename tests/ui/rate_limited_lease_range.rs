//! A block of permits that is none, or that does not fit.

use tollgate::rate_limited;

#[rate_limited("100/minute", lease = 0)]
async fn zero() {}

#[rate_limited("100/minute", lease = 1)]
async fn one() {}

#[rate_limited("100/minute", lease = 101)]
async fn above_the_quota() {}

#[rate_limited("100/minute", burst = 50, lease = 64)]
async fn above_the_burst() {}

#[rate_limited("10/second", "1000/hour", lease = 64)]
async fn above_one_of_the_quotas() {}

#[rate_limited("100/minute", lease = "64")]
async fn text() {}

#[rate_limited("100/minute", lease = -5)]
async fn negative() {}

#[rate_limited("100/minute", lease)]
async fn no_value() {}

fn main() {}
