//! What other libraries and servers call a rate.

use tollgate::rate_limited;

#[rate_limited("10 rps")]
async fn per_second() {}

#[rate_limited("600rpm")]
async fn per_minute() {}

#[rate_limited("10r/s")]
async fn nginx() {}

#[rate_limited("100 requests per minute")]
async fn with_a_noun() {}

#[rate_limited("100 req / 5 minutes")]
async fn noun_and_period() {}

#[rate_limited("10 rps; 1000/hour")]
async fn one_of_several() {}

#[rate_limited("10 bananas")]
async fn nothing_known() {}

fn main() {}
