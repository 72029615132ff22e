//! Templates name and write what the function has.

use axum::{Json, Router, extract::Path, routing::post};
use tollgate::invalidates;

struct Name;

#[invalidates(tags = ["airport:{itaa}"], keys = ["{}"])]
async fn unknown(Path(iata): Path<String>) -> String {
    iata
}

#[invalidates(tags = ["airport:{name}"])]
async fn not_display(name: axum::Extension<Name>, Json(names): Json<Vec<String>>) {
    drop((names, name));
}

fn main() {
    let _: Router = Router::new().route("/{iata}", post(unknown));
}
