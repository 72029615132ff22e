//! Arguments without parentheses.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error = 404]
    One,
    #[error("two")]
    #[api_error = "two"]
    Two,
}

fn main() {}
