//! Statuses are named one by one.

use tollgate::rate_limited;

#[rate_limited("100/minute", charge_on = [400..=499])]
async fn range_in_list() {}

#[rate_limited("100/minute", charge_on = 400..500)]
async fn range() {}

#[rate_limited("100/minute", charge_on = ["4xx", client_error])]
async fn classes() {}

fn main() {}
