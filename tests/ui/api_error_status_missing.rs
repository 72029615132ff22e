//! A code, and no status.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("busy")]
    #[api_error(code = "busy")]
    Busy,
}

fn main() {}
