//! A burst that belongs to no rate.

use tollgate::{Rates, rates};

const SEVERAL: Rates = rates!("10/second", "100/minute", burst = 200);

const ZERO: Rates = rates!("10/second", burst = 0);

fn main() {}
