//! A return type that is no answer.

use axum::{Router, routing::get};
use tollgate::rate_limited;

struct Airport;

#[rate_limited("100/minute")]
async fn own_type() -> Airport {
    Airport
}

#[rate_limited("100/minute")]
async fn number() -> u64 {
    7
}

fn main() {
    let _: Router = Router::new().route("/", get(own_type)).route("/number", get(number));
}
