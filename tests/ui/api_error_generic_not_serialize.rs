//! A member whose parameter need not be `Serialize`, and is not where the error is returned.

use axum::{Router, routing::get};
use tollgate::{ApiError, with_metrics};

#[derive(Debug)]
struct Runway;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure<T: std::fmt::Debug> {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(what))]
    One { what: T },
}

#[with_metrics]
async fn handler() -> Result<String, Failure<Runway>> {
    Ok(String::new())
}

fn main() {
    let _: Router = Router::new().route("/", get(handler));
}
