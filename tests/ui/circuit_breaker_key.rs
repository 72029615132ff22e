//! A breaker for each key is for functions that other code calls.

use axum::extract::Path;
use tollgate::circuit_breaker;

#[circuit_breaker(key = "{host}", max_keys = 100)]
async fn by_host(Path(host): Path<String>) -> String {
    host
}

#[circuit_breaker(retry_after = path)]
async fn asked() {}

#[circuit_breaker(share = "")]
async fn nobody() {}

#[circuit_breaker(share = weather)]
async fn without_quotes() {}

fn main() {}
