//! The body can be read once, at the end.

use axum::extract::{Path, Request};
use axum::{Json, Router, routing::post};
use tollgate::rate_limited;

#[rate_limited("100/minute")]
async fn json_first(Json(_): Json<String>, Path(id): Path<u32>) -> String {
    id.to_string()
}

#[rate_limited("100/minute")]
async fn two_bodies(_: String, _: Request) {}

fn main() {
    let _: Router = Router::new().route("/", post(json_first)).route("/two", post(two_bodies));
}
