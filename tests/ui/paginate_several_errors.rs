//! All errors of an item at once, and none about the handlers that page it.

use tollgate::{Page, Paginate, Pagination};

#[derive(Clone, Paginate)]
#[paginate(key = itaa, sort(nmae), style = pages, max_per_page = 0)]
struct Airport {
    iata: String,
    name: String,
}

async fn handler(pagination: Pagination<Airport>) -> Page<Airport> {
    pagination.slice(&[])
}

fn main() {
    let _ = handler;
}
