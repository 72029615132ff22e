//! A type that makes no keys.

use axum::{Router, routing::get};
use tollgate::rate_limited;

struct Tenant;

#[rate_limited("100/minute", key = Tenant)]
async fn handler() {}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
