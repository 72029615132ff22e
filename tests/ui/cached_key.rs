//! What a key is not.

use axum::extract::{Path, Query};
use tollgate::cached;

#[cached(ttl = "5m", key = iata)]
async fn a_word(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "5m", key = principal)]
async fn principal() {}

#[cached(ttl = "5m", key = header("accept-language"))]
async fn a_field() {}

#[cached(ttl = "5m", key = path)]
async fn the_path() {}

#[cached(ttl = "5m", key = |iata| iata.to_string())]
async fn a_closure() {}

#[cached(ttl = "5m", key = "all")]
async fn of_all(Path(iata): Path<String>) -> String {
    iata
}

#[cached(ttl = "5m", key = "all")]
async fn of_all_queries(Query(search): Query<Search>) -> String {
    search.name
}

fn main() {}
