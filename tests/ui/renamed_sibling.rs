//! An attribute of ours below another, under a name by which the upper one cannot know it.

use axum::{Router, routing::get};
use tollgate::rate_limited;
use tollgate::with_metrics as wm;

#[rate_limited("100/minute")]
#[wm]
async fn handler() {}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
