//! All errors of a function at once, and none about the handler that is missing because of them.

use axum::{Router, extract::Path, routing::get};
use tollgate::{authorize, rate_limited};

#[authorize(role = "", scope = "a b", check = "is_editor", name = editor)]
#[rate_limited("100/minuet", key = principle, after = authorise)]
async fn handler(Path(iata): Path<String>) -> String {
    iata
}

fn main() {
    let _: Router = Router::new().route("/{iata}", get(handler));
}
