//! What holds for all tiers.

use tollgate::{Rates, rates};

const KEY: Rates = rates!("10/second", key = ip);

const ALGORITHM: Rates = rates!("10/second", algorithm = gcra);

const NAME: Rates = rates!("10/second", name = "pro");

const ROLE: Rates = rates!("10/second", role = "pro");

const BRUST: Rates = rates!("10/second", brust = 20);

const PER_MINUTE: Rates = rates!(per_minute = 10);

fn main() {}
