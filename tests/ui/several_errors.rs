//! All errors of a function at once, and none about the handler that is missing because of them.

use axum::{Router, routing::get};
use tollgate::{rate_limited, with_metrics};

#[rate_limited("100/minuet", brust = 200, key = ipp, shadow = true)]
#[with_metrics(labels = [route])]
fn handler(name: &str) -> String {
    name.to_owned()
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
