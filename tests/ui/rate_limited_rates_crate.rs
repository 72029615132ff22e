//! Where the crate is.

use tollgate::{Rates, rates};

const TEXT: Rates = rates!("10/second", crate = "tollgate");

fn main() {}
