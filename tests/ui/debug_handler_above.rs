//! A documented limit: `debug_handler` stands below ours, because it calls the handler with the arguments that it sees.

use axum::extract::{Path, State};
use tollgate::rate_limited;

#[axum::debug_handler]
#[rate_limited("100/minute")]
async fn handler(State(_): State<u8>, Path(name): Path<String>) -> String {
    name
}

fn main() {}
