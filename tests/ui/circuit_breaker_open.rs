//! For how long it is open.

use tollgate::circuit_breaker;

#[circuit_breaker(open_for = 30)]
async fn without_unit() {}

#[circuit_breaker(open_for = "0s")]
async fn no_time() {}

#[circuit_breaker(open_for = "2 days")]
async fn too_long() {}

#[circuit_breaker(open_for_max = "5m")]
async fn without_growth() {}

#[circuit_breaker(open_for = "1m", open_for_growth = 2.0, open_for_max = "30s")]
async fn shorter() {}

#[circuit_breaker(open_for_growth = 2.0, open_for_max = "10s")]
async fn shorter_than_default() {}

#[circuit_breaker(open_for_growth = 0.5)]
async fn shrinks() {}

#[circuit_breaker(open_for_growth = 5000)]
async fn explodes() {}

#[circuit_breaker(open_for_growth = "double")]
async fn in_words() {}

fn main() {}
