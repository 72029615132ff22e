//! One more than axum passes.

use axum::{Router, http::Method, routing::get};
use tollgate::rate_limited;

type M = Method;

#[rate_limited("100/minute")]
#[rustfmt::skip]
async fn handler(
    _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M,
    _seventeenth: M,
) {
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
