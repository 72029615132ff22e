//! Parameters of a type that is not named stay the compiler's to ask for.

use axum::{Router, extract::Path, routing::get};
use tollgate::rate_limited;

#[rate_limited("100/minute")]
async fn handler<T: ToString>(Path(_): Path<String>) -> String {
    String::new()
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
