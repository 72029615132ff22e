//! A window is a time or a number of calls.

use tollgate::circuit_breaker;

#[circuit_breaker(window = 0)]
async fn of_no_calls() {}

#[circuit_breaker(window = 20000)]
async fn of_too_many() {}

#[circuit_breaker(window = "0s")]
async fn of_no_time() {}

#[circuit_breaker(window = "100")]
async fn calls_in_quotes() {}

#[circuit_breaker(window = 10s)]
async fn time_without_quotes() {}

#[circuit_breaker(window = "500us")]
async fn too_short() {}

#[circuit_breaker(window = "100 calls")]
async fn calls_as_unit() {}

#[circuit_breaker(window = 10, minimum_calls = 20)]
async fn never_enough() {}

#[circuit_breaker(minimum_calls = 0)]
async fn no_minimum() {}

#[circuit_breaker(window = count)]
async fn word() {}

fn main() {}
