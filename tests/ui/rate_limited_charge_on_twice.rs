//! A status counts once.

use tollgate::rate_limited;

#[rate_limited("100/minute", charge_on = [401, 403, 401])]
async fn twice() {}

#[rate_limited("100/minute", charge_on = [401], charge_on = [403])]
async fn two_lists() {}

fn main() {}
