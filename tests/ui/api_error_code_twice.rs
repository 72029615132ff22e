//! Two variants of one code.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "not_found")]
    AirportNotFound,
    #[error("two")]
    #[api_error(status = 410, code = "not_found")]
    RunwayNotFound,
    #[error("three")]
    #[api_error(status = 503, code = "busy")]
    Full,
    #[error("four")]
    #[api_error(status = 503, code = "busy")]
    Busy,
}

fn main() {}
