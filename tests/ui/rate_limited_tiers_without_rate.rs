//! Documents show the declared rate.

use tollgate::{Rates, RequestFacts, rate_limited, rates};

fn plan(_: &RequestFacts<'_>) -> Rates {
    rates!("10/minute")
}

#[rate_limited(tiers = plan)]
async fn no_rate() {}

#[rate_limited(key = ip)]
async fn without_tiers() {}

fn main() {}
