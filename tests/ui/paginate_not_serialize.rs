//! A page of items that cannot be written.

use axum::{Router, routing::get};
use tollgate::{Page, Paginate, Pagination, with_metrics};

#[derive(Clone, Paginate)]
#[paginate(key = iata)]
struct Airport {
    iata: String,
}

#[with_metrics]
async fn handler(pagination: Pagination<Airport>) -> Page<Airport> {
    pagination.slice(&[])
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
