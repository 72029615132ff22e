//! `tiers` names a function that is not there.

use tollgate::{Rates, RequestFacts, rate_limited, rates};

fn plan(_: &RequestFacts<'_>) -> Rates {
    rates!("10/minute")
}

#[rate_limited("100/minute", tiers = plans)]
async fn misspelt() {}

fn main() {}
