//! `sliding_window` knows no burst.

use tollgate::rate_limited;

#[rate_limited("100/minute", burst = 200, algorithm = sliding_window)]
async fn above_the_quota() {}

#[rate_limited("100/minute", algorithm = sliding_window, burst = 5)]
async fn below_the_quota() {}

fn main() {}
