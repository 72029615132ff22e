//! Levels that are none.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", log = info)]
    One,
    #[error("two")]
    #[api_error(status = 404, code = "two", log = "warn")]
    Two,
    #[error("three")]
    #[api_error(status = 404, code = "three", log = eror)]
    Three,
}

fn main() {}
