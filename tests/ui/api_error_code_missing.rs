//! A status, and no code.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("there is no airport {0}")]
    #[api_error(status = 404, title = "No airport")]
    AirportNotFound(String),
}

fn main() {}
