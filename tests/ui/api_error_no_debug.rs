//! `Debug` is missing, which thiserror needs.

use axum::{Router, routing::get};
use tollgate::{ApiError, rate_limited};

#[derive(thiserror::Error, ApiError)]
enum Failure {
    #[error("not found")]
    #[api_error(status = 404, code = "not_found")]
    NotFound,
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
