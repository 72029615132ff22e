//! What stands where the rate is to be is no rate.

use tollgate::rate_limited;

#[rate_limited("meow")]
async fn word() {}

#[rate_limited("100")]
async fn quota_alone() {}

#[rate_limited("ten/minute")]
async fn quota_in_words() {}

#[rate_limited("-1/minute")]
async fn negative() {}

#[rate_limited("1.5/minute")]
async fn fraction() {}

#[rate_limited("")]
async fn empty() {}

#[rate_limited(100)]
async fn number() {}

#[rate_limited(100 / minute)]
async fn bare_words() {}

#[rate_limited("100/minute" "1000/hour")]
async fn comma_forgotten() {}

fn main() {}
