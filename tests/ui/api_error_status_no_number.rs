//! A status in other words.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = StatusCode::NOT_FOUND, code = "one")]
    One,
    #[error("two")]
    #[api_error(status = "503", code = "two")]
    Two,
    #[error("three")]
    #[api_error(status = Conflict, code = "three")]
    Three,
    #[error("four")]
    #[api_error(status = -1, code = "four")]
    Four,
}

fn main() {}
