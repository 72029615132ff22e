//! `tiers` takes a path, and no text.

use tollgate::{Rates, RequestFacts, rate_limited, rates};

fn plan(_: &RequestFacts<'_>) -> Rates {
    rates!("10/minute")
}

#[rate_limited("100/minute", tiers = "plan")]
async fn text() {}

#[rate_limited("100/minute", tiers = "free: 10, pro: 100")]
async fn table() {}

fn main() {}
