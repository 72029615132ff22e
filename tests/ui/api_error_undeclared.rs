//! Nobody says how a variant is answered.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("there is no airport {iata}")]
    AirportNotFound { iata: String },
    #[error("busy")]
    #[api_error]
    Busy,
    #[error(transparent)]
    Refused(#[from] tollgate::Problem),
}

#[derive(Debug, thiserror::Error, ApiError)]
#[error("gone")]
struct Gone;

fn main() {}
