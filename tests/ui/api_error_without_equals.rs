//! Keys and values joined in other ways.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status(404), code("one"))]
    One,
    #[error("two")]
    #[api_error(status: 404, code: "two")]
    Two,
}

fn main() {}
