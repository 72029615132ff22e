//! A type that is not there is one error.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use tollgate::rate_limited;

#[rate_limited("100/minute")]
async fn handler(Path(id): Paht<u32>) -> Jsn<u32> {
    id
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
