//! Values without a key.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(404, "not_found")]
    One,
    #[error("two")]
    #[api_error(404, code = "two")]
    Two,
    #[error("three")]
    #[api_error("there is no airport")]
    Three,
    #[error("four")]
    #[api_error(StatusCode::NOT_FOUND)]
    Four,
}

fn main() {}
