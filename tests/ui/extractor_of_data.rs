//! Data that the user expects to be read from the request.

use axum::extract::State;
use axum::{Router, routing::post};
use serde::Deserialize;
use tollgate::rate_limited;

#[derive(Deserialize)]
struct NewAirport {
    _iata: String,
}

#[rate_limited("100/minute")]
async fn last(State(_): State<u8>, _: NewAirport) {}

#[rate_limited("100/minute")]
async fn first(_: NewAirport, State(_): State<u8>) {}

#[rate_limited("100/minute")]
async fn number(_: u64) {}

fn main() {
    let _: Router = Router::new()
        .route("/last", post(last))
        .route("/first", post(first))
        .route("/number", post(number))
        .with_state(7);
}
