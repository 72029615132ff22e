//! An error that is no answer.

use axum::{Json, Router, routing::get};
use tollgate::{rate_limited, with_metrics};

struct NoAnswer;

#[rate_limited("100/minute")]
#[with_metrics]
async fn handler() -> Result<Json<u64>, NoAnswer> {
    Ok(Json(7))
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
