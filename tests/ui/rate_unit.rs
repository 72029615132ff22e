//! The unit of time is misspelt, unknown or missing.

use tollgate::rate_limited;

#[rate_limited("10/minuet")]
async fn misspelt() {}

#[rate_limited("1 per millenium")]
async fn unknown() {}

#[rate_limited("10/month")]
async fn of_varying_length() {}

#[rate_limited("10/")]
async fn missing() {}

#[rate_limited("10/5")]
async fn missing_after_a_number() {}

#[rate_limited("10/minute abc")]
async fn followed_by_something() {}

fn main() {}
