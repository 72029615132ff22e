//! What is made once for all who wait moves between threads.

use std::rc::Rc;

use axum::{Router, routing::get};
use tollgate::cached;

#[cached(ttl = "5m")]
async fn handler() -> String {
    let name = Rc::new(String::new());
    tokio::task::yield_now().await;
    name.to_string()
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
