//! How it is tried.

use tollgate::circuit_breaker;

#[circuit_breaker(half_open_calls = 0)]
async fn never_tried() {}

#[circuit_breaker(half_open_calls = 1001)]
async fn too_many() {}

#[circuit_breaker(half_open_calls = "3")]
async fn in_quotes() {}

#[circuit_breaker(half_open_wait = "0ms")]
async fn no_time() {}

#[circuit_breaker(half_open_rate = 1.01)]
async fn more_than_all() {}

fn main() {}
