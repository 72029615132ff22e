//! All errors at once, and the function is still there.

use axum::{Router, extract::Path, routing::get};
use tollgate::cached;

#[cached(ttl = "0s", vary = ["cookie"], tags = ["{itaa}"], max_body = "1M", pubic)]
async fn handler(Path(iata): Path<String>) -> String {
    iata
}

fn main() {
    let _: Router = Router::new().route("/{iata}", get(handler));
}
