//! An exposition that changes nothing, and one with a value.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", expose)]
    One,
    #[error("two")]
    #[api_error(status = 500, code = "two", expose = true)]
    Two,
}

fn main() {}
