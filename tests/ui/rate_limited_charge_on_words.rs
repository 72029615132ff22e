//! A status is a number.

use tollgate::rate_limited;

#[rate_limited("100/minute", charge_on = [unauthorized, FORBIDDEN])]
async fn words() {}

#[rate_limited("100/minute", charge_on = [StatusCode::NOT_FOUND])]
async fn constant() {}

#[rate_limited("100/minute", charge_on = ["401"])]
async fn text() {}

#[rate_limited("100/minute", charge_on = ["422 Unprocessable Entity", 401.0])]
async fn more() {}

#[rate_limited("100/minute", charge_on = [wrong_password])]
async fn unknown() {}

fn main() {}
