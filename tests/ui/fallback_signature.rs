//! It takes nothing, or what the handler takes.

use axum::extract::{Path, Query};
use tollgate::fallback;

struct NoAnswer;

fn not_async() -> &'static str {
    "nothing"
}

async fn other_arguments(Query(station): Query<String>) -> String {
    station
}

async fn fewer(Path(_): Path<String>) -> &'static str {
    "nothing"
}

async fn no_answer() -> NoAnswer {
    NoAnswer
}

#[fallback(not_async)]
async fn one(Path(station): Path<String>) -> String {
    station
}

#[fallback(other_arguments)]
async fn two(Path(station): Path<String>) -> String {
    station
}

#[fallback(fewer)]
async fn three(Path(station): Path<String>, Query(_): Query<Vec<(String, String)>>) -> String {
    station
}

#[fallback(no_answer)]
async fn four() -> &'static str {
    "rain"
}

#[fallback(nowhere)]
async fn five() -> &'static str {
    "rain"
}

fn main() {}
