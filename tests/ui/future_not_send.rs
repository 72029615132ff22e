//! A future that cannot move between threads.

use std::rc::Rc;

use axum::{Router, routing::get};
use tollgate::rate_limited;

#[rate_limited("100/minute")]
async fn handler() -> String {
    let name = Rc::new(String::new());
    tokio::task::yield_now().await;
    name.to_string()
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
