//! What it does, and what others make it do while it runs.

use tollgate::circuit_breaker;

#[circuit_breaker(mode = "metrics_only")]
async fn in_quotes() {}

#[circuit_breaker(mode = shadow)]
async fn of_limits() {}

#[circuit_breaker(mode = forced_open)]
async fn forced() {}

#[circuit_breaker(mode = disabled)]
async fn off() {}

#[circuit_breaker(mode = metrics_onyl)]
async fn slip() {}

#[circuit_breaker(metrics_only)]
async fn alone() {}

#[circuit_breaker(mode)]
async fn without_value() {}

fn main() {}
