//! A type that no probe can be sure of: it may be an extractor for another state.

use axum::{Router, routing::get};
use tollgate::rate_limited;

struct Airports;

#[rate_limited("100/minute")]
async fn handler(_: Airports) {}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
