//! An attribute of another crate that is called as one of ours.

use axum::{Router, routing::get};
use tollgate::with_metrics;
use tracing::instrument as rate_limited;

#[with_metrics]
#[rate_limited]
async fn handler() {}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
