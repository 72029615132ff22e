//! Failures in a row know no window.

use tollgate::circuit_breaker;

#[circuit_breaker(consecutive_failures = 5, failure_rate = 0.5)]
async fn with_rate() {}

#[circuit_breaker(minimum_calls = 20, consecutive_failures = 5)]
async fn with_minimum() {}

#[circuit_breaker(consecutive_failures = 5, window = "10s")]
async fn with_window() {}

#[circuit_breaker(consecutive_failures = 5, slow_call = "1s", slow_rate = 0.5)]
async fn with_slow_calls() {}

#[circuit_breaker(consecutive_failures = 0)]
async fn none() {}

#[circuit_breaker(consecutive_failures = 2.5)]
async fn in_parts() {}

#[circuit_breaker(consecutive_failures = "5")]
async fn in_quotes() {}

fn main() {}
