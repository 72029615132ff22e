//! It is a path.

use tollgate::circuit_breaker;

#[circuit_breaker(is_failure = "verdict")]
async fn in_quotes() {}

#[circuit_breaker(is_failure = verdict())]
async fn called() {}

#[circuit_breaker(is_failure = |answer| answer.status == 500)]
async fn closure() {}

#[circuit_breaker(is_failure = [500, 502])]
async fn statuses() {}

#[circuit_breaker(is_failure)]
async fn without_value() {}

fn main() {}
