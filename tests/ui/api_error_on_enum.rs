//! What belongs to a variant stands above the enum.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
#[api_error(status = 404, code = "not_found", extension(iata), frobnicate)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one")]
    One,
}

fn main() {}
