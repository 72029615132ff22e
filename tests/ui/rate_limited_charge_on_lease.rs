//! What is settled one by one is not taken in blocks.

use tollgate::rate_limited;

#[rate_limited("100/minute", charge_on = [401], lease = 10)]
async fn both() {}

fn main() {}
