//! Words of other libraries for the same things.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status_code = 404, error_code = "one")]
    One,
    #[error("two")]
    #[api_error(status = 404, code = "two", message = "there is none")]
    Two,
    #[error("three")]
    #[api_error(http_status = 200, kind = "three", detail = "..", skip)]
    Three,
    #[error("four")]
    #[api_error(status = 503, code = "four", retry_after = 30)]
    Four,
    #[error("five")]
    #[api_error(status = 404, code = "five", fields(iata), crate = tollgate)]
    Five { iata: String },
    #[error("six")]
    #[api_error(internal)]
    Six,
}

fn main() {}
