//! What other libraries call tiers.

use tollgate::{Rates, RequestFacts, rate_limited, rates};

fn plan(_: &RequestFacts<'_>) -> Rates {
    rates!("10/minute")
}

#[rate_limited("100/minute", tier = plan)]
async fn tier() {}

#[rate_limited("100/minute", plan = plan)]
async fn plan_of_principal() {}

#[rate_limited("100/minute", tires = plan)]
async fn misspelt() {}

#[rate_limited("10/minute", rates = plan)]
async fn rates() {}

fn main() {}
