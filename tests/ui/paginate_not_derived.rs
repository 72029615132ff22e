//! The item of a page lacks the derive.

use axum::Router;
use axum::routing::get;
use tollgate::{Page, Pagination, with_metrics};

#[derive(Clone, serde::Serialize)]
struct Airport {
    iata: String,
}

#[with_metrics]
async fn airports(asked: Pagination<Airport>) -> Page<Airport> {
    asked.slice(&[])
}

fn main() {
    let _: Router = Router::new().route("/", get(airports));
}
