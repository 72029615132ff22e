//! Codes that are none.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "AirportNotFound")]
    One,
    #[error("two")]
    #[api_error(status = 404, code = "airport-not-found")]
    Two,
    #[error("three")]
    #[api_error(status = 404, code = "")]
    Three,
    #[error("four")]
    #[api_error(status = 404, code = four)]
    Four,
    #[error("five")]
    #[api_error(status = 404, code = 4041)]
    Five,
}

fn main() {}
