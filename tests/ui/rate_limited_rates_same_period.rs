//! Two rates of one period.

use tollgate::{Rates, rates};

const TWO: Rates = rates!("10/second", "20/second");

fn main() {}
