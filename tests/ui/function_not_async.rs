//! A handler is an `async fn`.

use axum::{Router, routing::get};
use tollgate::rate_limited;

#[rate_limited("100/minute")]
fn handler() -> String {
    String::new()
}

#[rate_limited("100/minute")]
fn future() -> impl Future<Output = String> {
    async { String::new() }
}

fn main() {
    let _: Router = Router::new().route("/", get(handler)).route("/future", get(future));
}
