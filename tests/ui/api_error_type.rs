//! Types that are no URI.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", type = "no airport")]
    One,
    #[error("two")]
    #[api_error(status = 404, code = "two", type = "")]
    Two,
    #[error("three")]
    #[api_error(status = 404, code = "three", type = https::example)]
    Three,
}

fn main() {}
