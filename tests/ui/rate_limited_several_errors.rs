//! All errors of the arguments at once.

use tollgate::rate_limited;

#[rate_limited("100/minute", algorithm = sliding, tiers = |facts| FREE, charge_on = 401, on_store_error = allow, lease = 1, share = "")]
async fn handler() {}

fn main() {}
