//! Something has to be named.

use axum::extract::Path;
use tollgate::invalidates;

#[invalidates]
async fn nothing() {}

#[invalidates(name = "rename")]
async fn named() {}

#[invalidates("airport:{iata}")]
async fn without_key(Path(iata): Path<String>) -> String {
    iata
}

#[invalidates = "airports"]
async fn with_equals() {}

#[invalidates(tags = [])]
async fn no_tags() {}

#[invalidates(keys = "{iata}")]
async fn no_list(Path(iata): Path<String>) -> String {
    iata
}

#[invalidates(site = "")]
async fn no_site() {}

#[invalidates(site = airport)]
async fn site_without_quotes() {}

fn main() {}
