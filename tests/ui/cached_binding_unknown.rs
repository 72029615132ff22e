//! A template names what the function has.

use axum::{Router, extract::Path, routing::get};
use tollgate::cached;

#[cached(ttl = "5m", key = "{itaa}", tags = ["airport:{iata}", "country:{country}"])]
async fn handler(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "5m", tags = ["airport:{iata}"])]
async fn no_arguments() {}

fn main() {
    let _: Router = Router::new().route("/{iata}", get(handler)).route("/", get(no_arguments));
}
