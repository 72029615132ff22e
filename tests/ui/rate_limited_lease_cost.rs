//! A block that one request takes.

use tollgate::rate_limited;

#[rate_limited("100/minute", lease = 5, cost = 5)]
async fn equal() {}

#[rate_limited("100/minute", cost = 10, lease = 5)]
async fn below() {}

#[rate_limited("100/minute", cost = 5, lease = 9)]
async fn not_twice() {}

fn main() {}
