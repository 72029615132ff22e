//! A handler that no router has is told of, as any function that nobody uses.
#![deny(dead_code)]

#[tollgate::rate_limited("100/minute")]
#[tollgate::with_metrics]
async fn unrouted() {}

fn main() {}
