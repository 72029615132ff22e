//! The rates that are chosen have bursts of their own.

use tollgate::{Rates, RequestFacts, rate_limited, rates};

fn plan(_: &RequestFacts<'_>) -> Rates {
    rates!("10/minute")
}

#[rate_limited("100/minute", burst = 200, tiers = plan)]
async fn with_burst() {}

fn main() {}
