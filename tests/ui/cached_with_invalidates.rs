//! What throws away its own answers.

use axum::extract::Path;
use tollgate::{cached, invalidates};

#[cached(ttl = "5m", key = "{iata}", tags = ["airport:{iata}"])]
#[invalidates(tags = ["airports", "airport:{iata}"], keys = ["{iata}"])]
async fn handler(Path(iata): Path<String>) -> String {
    iata
}

fn main() {}
