//! What is no path of a function.

use tollgate::rate_limited;

#[rate_limited("100/minute", tiers)]
async fn no_value() {}

#[rate_limited("100/minute", tiers = 5)]
async fn number() {}

#[rate_limited("100/minute", tiers = ["10/minute", "100/minute"])]
async fn list() {}

#[rate_limited("100/minute", tiers = rates!("10/minute"))]
async fn constant() {}

fn main() {}
