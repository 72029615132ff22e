//! A member whose parameter need not be one, asked for.

use tollgate::ApiError;

use axum::{Router, routing::get};

#[derive(Debug)]
struct Runway;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure<T: std::fmt::Debug> {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(what))]
    One { what: T },
}

async fn handler() -> Result<String, Failure<Runway>> {
    Ok(String::new())
}

fn router() -> Router {
    Router::new().route("/", get(handler))
}

fn main() {}
