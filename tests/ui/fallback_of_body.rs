//! A body is read once, so that a fallback of such a handler takes no arguments.

use axum::Json;
use tollgate::fallback;

async fn none() -> &'static str {
    "nothing"
}

async fn of_text(body: String) -> String {
    body
}

async fn of_json(Json(numbers): Json<Vec<u32>>) -> String {
    numbers.len().to_string()
}

// This is fine.
#[fallback(none)]
async fn create(Json(numbers): Json<Vec<u32>>) -> String {
    numbers.len().to_string()
}

#[fallback(of_text)]
async fn text(body: String) -> String {
    body
}

#[fallback(of_json)]
async fn json(Json(numbers): Json<Vec<u32>>) -> String {
    numbers.len().to_string()
}

fn main() {}
