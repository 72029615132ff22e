//! A constant is looked for by the compiler.

use axum::{Router, extract::Path, routing::get};
use tollgate::cached;

#[cached(ttl = "5m", tags = ["{REGION}:{iata}"])]
async fn handler(Path(iata): Path<String>) -> String {
    iata
}

fn main() {
    let _: Router = Router::new().route("/{iata}", get(handler));
}
