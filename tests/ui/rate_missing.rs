//! No rate at all.

use tollgate::rate_limited;

#[rate_limited]
async fn bare() {}

#[rate_limited()]
async fn no_arguments() {}

#[rate_limited(key = ip, burst = 200)]
async fn only_options() {}

fn main() {}
