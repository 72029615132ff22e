//! The router's state is another: only the router can know.

use axum::extract::State;
use axum::{Router, routing::get};
use tollgate::rate_limited;

#[derive(Clone)]
struct Database;

#[rate_limited("100/minute")]
async fn handler(State(_): State<Database>) {}

fn main() {
    let _: Router = Router::new().route("/", get(handler)).with_state(7_u8);
}
