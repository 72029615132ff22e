//! A list without statuses.

use tollgate::rate_limited;

#[rate_limited("100/minute", charge_on = [])]
async fn empty() {}

#[rate_limited("100/minute", charge_on)]
async fn no_value() {}

fn main() {}
