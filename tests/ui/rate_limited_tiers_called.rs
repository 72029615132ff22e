//! `tiers` names its function.

use tollgate::{Rates, RequestFacts, rate_limited, rates};

fn plan(_: &RequestFacts<'_>) -> Rates {
    rates!("10/minute")
}

#[rate_limited("100/minute", tiers = plan())]
async fn called() {}

#[rate_limited("100/minute", tiers = plans::of(principal))]
async fn with_arguments() {}

#[rate_limited("100/minute", tiers(plan))]
async fn without_equals() {}

fn main() {}
