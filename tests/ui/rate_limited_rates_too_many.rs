//! More rates than one function may have.

use tollgate::{Rates, rates};

const NINE: Rates = rates!("1/s", "2/2s", "3/3s", "4/4s", "5/5s", "6/6s", "7/7s", "8/8s", "9/9s");

fn main() {}
