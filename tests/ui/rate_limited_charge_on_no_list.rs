//! Statuses stand in a list.

use tollgate::rate_limited;

#[rate_limited("100/minute", charge_on = 401)]
async fn one() {}

#[rate_limited("100/minute", charge_on = (401, 403))]
async fn parentheses() {}

#[rate_limited("100/minute", charge_on(401, 403))]
async fn without_equals() {}

#[rate_limited("100/minute", charge_on = unauthorized)]
async fn word() {}

#[rate_limited("100/minute", charge_on = "401, 403")]
async fn text() {}

#[rate_limited("100/minute", charge_on = StatusCode::FORBIDDEN)]
async fn constant() {}

#[rate_limited("100/minute", charge_on = |answer| true)]
async fn closure() {}

fn main() {}
