//! A table of roles that says two things of one, or nothing.

use tollgate::{Rates, RequestFacts, RoleRates, rates};

const TWICE: RoleRates = RoleRates::new(rates!("1/s")).role("pro", rates!("2/s")).role("pro", rates!("3/s"));

const EMPTY: RoleRates = RoleRates::new(rates!("1/s")).role("", rates!("2/s"));

fn rates_of(facts: &RequestFacts<'_>) -> [Rates; 2] {
    [TWICE.of(facts), EMPTY.of(facts)]
}

fn main() {}
