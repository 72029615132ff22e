//! Words that nobody knows.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", frobnicate = 7)]
    One,
    #[error("two")]
    #[api_error(NOT_FOUND)]
    Two,
}

fn main() {}
