//! JSON of a type that cannot be written as JSON.

use axum::{Json, Router, routing::get};
use tollgate::rate_limited;

struct Airport;

#[rate_limited("100/minute")]
async fn handler() -> Json<Airport> {
    Json(Airport)
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
