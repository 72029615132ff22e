//! A template writes what can be written.

use axum::{Json, Router, routing::post};
use tollgate::cached;

#[derive(serde::Deserialize)]
struct Search {
    name: String,
    details: Vec<String>,
}

#[cached(ttl = "5m", key = "{search}")]
async fn whole(Json(search): Json<Search>) -> String {
    search.name
}

#[cached(ttl = "5m", tags = ["{name}", "{details}"])]
async fn of_fields(Json(Search { name, details }): Json<Search>) -> String {
    drop(details);
    name
}

fn main() {
    let _: Router = Router::new().route("/", post(whole)).route("/fields", post(of_fields));
}
