//! One option twice, also in two attributes.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", status = 410)]
    One,
    #[error("two")]
    #[api_error(status = 404, code = "two")]
    #[api_error(code = "zwei")]
    Two,
}

fn main() {}
