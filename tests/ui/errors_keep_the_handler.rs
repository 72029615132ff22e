//! A wrong argument is one error: the handler stays, so that the router has none to add.

use axum::extract::{Path, State};
use axum::{Json, Router, routing::post};
use tollgate::{rate_limited, with_metrics};

#[rate_limited("100/minuet")]
#[with_metrics]
async fn handler(State(_): State<u8>, Path(id): Path<u32>, Json(_): Json<String>) -> Json<u32> {
    Json(id)
}

fn main() {
    let _: Router = Router::new().route("/{id}", post(handler)).with_state(7);
}
