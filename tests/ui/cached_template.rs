//! Templates that are none.

use axum::extract::Path;
use tollgate::cached;

#[cached(ttl = "5m", key = "{}")]
async fn positional(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "5m", key = "{0}", tags = ["airport:{:?}"])]
async fn numbered(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "5m", key = "{iata.code}", tags = ["airport:{iata"])]
async fn field(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "5m", key = "{iata.len()}", tags = [""])]
async fn expression(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "5m", key = "{iata:>width$}")]
async fn width(Path((iata, width)): Path<(String, usize)>) -> String {
    format!("{iata:>width$}")
}

#[cached(ttl = "5m", key = "")]
async fn empty(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "5m", tags = [])]
async fn no_tags() {}

#[cached(ttl = "5m", tags = "airport:{iata}")]
async fn no_list(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "5m", tags = ["airports", "airports"])]
async fn twice() {}

fn main() {}
