//! How long an answer is fresh has to be said, in one of two ways.

use tollgate::cached;

#[cached]
async fn neither() {}

#[cached(vary = ["accept"])]
async fn only_an_option() {}

#[cached(ttl = "5m", from_response)]
async fn both() {}

#[cached("5m")]
async fn without_key() {}

#[cached(5)]
async fn a_number() {}

#[cached = "5m"]
async fn with_equals() {}

fn main() {}
