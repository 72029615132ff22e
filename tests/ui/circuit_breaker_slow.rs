//! What is slow, and how much of it.

use tollgate::{circuit_breaker, timeout};

#[circuit_breaker(slow_call = "1s")]
async fn without_rate() {}

#[circuit_breaker(slow_rate = 0.5)]
async fn without_time() {}

#[circuit_breaker(slow_call = 1, slow_rate = 0.5)]
async fn without_unit() {}

#[circuit_breaker(slow_call = "2s", slow_rate = 0.5)]
#[timeout("2s")]
async fn never_slow() {}

#[timeout("500ms")]
#[circuit_breaker(slow_call = "1s", slow_rate = 0.5, window = 10)]
async fn never_this_slow() {}

fn main() {}
