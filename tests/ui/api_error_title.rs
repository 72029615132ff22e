//! Titles that are none.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", title = "")]
    One,
    #[error("two")]
    #[api_error(status = 404, code = "two", title = " No airport ")]
    Two,
    #[error("three {iata}")]
    #[api_error(status = 404, code = "three", title = "No airport {iata}")]
    Three { iata: String },
    #[error("four")]
    #[api_error(status = 404, code = "four", title = Four)]
    Four,
}

fn main() {}
