//! Nothing stands without a key.

use tollgate::circuit_breaker;

#[circuit_breaker(5)]
async fn number() {}

#[circuit_breaker("50%", "30s")]
async fn texts() {}

#[circuit_breaker = 0.5]
async fn with_equals() {}

#[circuit_breaker(open_for("5s"))]
async fn in_parentheses() {}

#[circuit_breaker(open_for = "5s", open_for = "10s")]
async fn twice() {}

fn main() {}
