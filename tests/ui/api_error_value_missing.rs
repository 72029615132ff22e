//! Options that need a value.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status, code)]
    One,
    #[error("two")]
    #[api_error(status = 404, code = "two", title, type, log)]
    Two,
    #[error("three")]
    #[api_error(status = , code = "three")]
    Three,
}

fn main() {}
