//! `cost` names a function of another signature.

use tollgate::{RequestFacts, rate_limited};

fn of_nothing() -> u32 {
    5
}

#[rate_limited("100/minute", cost = of_nothing)]
async fn no_argument() {}

fn of_facts(_: &RequestFacts<'_>) -> u64 {
    5
}

#[rate_limited("100/minute", cost = of_facts)]
async fn other_number() {}

fn main() {}
