//! Rates without a rate.

use tollgate::{Rates, rates};

const EMPTY: Rates = rates!();

const BURST: Rates = rates!(burst = 200);

fn main() {}
