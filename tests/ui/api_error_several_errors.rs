//! All errors of a type at once, and none about the handlers that return it.

use axum::{Router, routing::get};
use tollgate::{ApiError, rate_limited};

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 200, code = "One", title = "", extension(itaa))]
    One { iata: String },
    #[error("two")]
    Two,
    #[error("three")]
    #[api_error(stauts = 404, code = "three")]
    Three,
}

#[rate_limited("100/minute")]
async fn limited() -> Result<String, Failure> {
    Ok(String::new())
}

async fn plain() -> Result<String, Failure> {
    Ok(String::new())
}

fn main() {
    let _: Router = Router::new().route("/", get(limited).post(plain));
}
