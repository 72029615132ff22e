//! `cost` names a function that is not there.

use tollgate::{RequestFacts, rate_limited};

fn of_facts(_: &RequestFacts<'_>) -> u32 {
    5
}

#[rate_limited("100/minute", cost = of_fact)]
async fn misspelt() {}

fn main() {}
