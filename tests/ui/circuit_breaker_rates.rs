//! A rate is a part of the whole.

use tollgate::circuit_breaker;

#[circuit_breaker(failure_rate = 0)]
async fn nothing() {}

#[circuit_breaker(failure_rate = 50)]
async fn percent() {}

#[circuit_breaker(failure_rate = "50%")]
async fn percent_in_quotes() {}

#[circuit_breaker(failure_rate = "0.5")]
async fn in_quotes() {}

#[circuit_breaker(failure_rate = 1.5)]
async fn more_than_all() {}

#[circuit_breaker(failure_rate = -0.5)]
async fn negative() {}

#[circuit_breaker(failure_rate = 0.00000001)]
async fn too_fine() {}

#[circuit_breaker(failure_rate = 1e-3)]
async fn exponent() {}

#[circuit_breaker(failure_rate = half)]
async fn word() {}

#[circuit_breaker(failure_rate)]
async fn without_value() {}

#[circuit_breaker(half_open_rate = 0.0)]
async fn half_open_nothing() {}

#[circuit_breaker(slow_call = "1s", slow_rate = 80)]
async fn slow_percent() {}

#[circuit_breaker(jitter = 1)]
async fn all_jitter() {}

fn main() {}
