//! `tiers` names a function of another signature.

use tollgate::{Rates, RequestFacts, rate_limited, rates};

fn of_nothing() -> Rates {
    rates!("10/minute")
}

#[rate_limited("10/minute", tiers = of_nothing)]
async fn no_argument() {}

fn of_facts(_: &RequestFacts<'_>) -> u32 {
    10
}

#[rate_limited("10/minute", tiers = of_facts)]
async fn number() {}

fn main() {}
