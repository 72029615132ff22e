//! Extractors hand over what they extract.

use axum::{Router, routing::get};
use tollgate::rate_limited;

struct Database;

#[rate_limited("100/minute")]
async fn state(_: &Database) {}

#[rate_limited("100/minute")]
async fn text(name: &str) -> String {
    name.to_owned()
}

#[rate_limited("100/minute")]
async fn bytes(body: &[u8]) -> Vec<u8> {
    body.to_vec()
}

fn main() {
    let _: Router =
        Router::new().route("/", get(state)).route("/text", get(text)).route("/bytes", get(bytes));
}
