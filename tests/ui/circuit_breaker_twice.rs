//! One of each.

use tollgate::{bulkhead, circuit_breaker, fallback, timeout};

#[circuit_breaker]
#[circuit_breaker(open_for = "5s")]
async fn breakers() {}

#[bulkhead(max_concurrent = 1)]
#[bulkhead(max_concurrent = 2)]
async fn bulkheads() {}

#[timeout("1s")]
#[timeout("2s")]
async fn timeouts() {}

#[fallback(one)]
#[fallback(other)]
async fn fallbacks() {}

fn main() {}
