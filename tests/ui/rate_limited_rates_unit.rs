//! Rates that are none.

use tollgate::{Rates, rates};

const MINUET: Rates = rates!("100/minuet");

const NUMBER: Rates = rates!(100);

const BARE: Rates = rates!(100 / minute);

const ZERO: Rates = rates!("0/minute");

fn in_a_function() -> Rates {
    rates!("10 rps")
}

fn main() {}
