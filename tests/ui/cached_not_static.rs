//! What is made once for all who wait outlives the one who asks.

use axum::extract::{FromRequestParts, State};
use tollgate::cached;

trait Table: Clone + Send + Sync {
    fn name(&self) -> String;
}

#[cached(ttl = "5m")]
async fn of_a_table<T: Table>(State(table): State<T>) -> String {
    table.name()
}

#[cached(ttl = "5m")]
async fn of_anything(parts: impl FromRequestParts<()>) -> String {
    drop(parts);
    String::new()
}

fn main() {}
