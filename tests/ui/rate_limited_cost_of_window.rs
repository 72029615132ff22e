//! A window admits its quota, and no burst.

use tollgate::rate_limited;

#[rate_limited("10/minute", algorithm = sliding_window, cost = 11)]
async fn sliding_window() {}

#[rate_limited("10/minute", algorithm = token_bucket, cost = 11)]
async fn token_bucket() {}

fn main() {}
