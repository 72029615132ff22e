//! A window is no shorter than a run may take.

use tollgate::{circuit_breaker, timeout};

#[circuit_breaker(window = "1s")]
#[timeout("2s")]
async fn written() {}

#[timeout("30s")]
#[circuit_breaker]
async fn by_default() {}

#[timeout("30s")]
#[circuit_breaker(minimum_calls = 5)]
async fn by_default_beside_others() {}

// Calls are counted, however long they take.
#[timeout("30s")]
#[circuit_breaker(window = 100)]
async fn of_calls() {}

fn main() {}
