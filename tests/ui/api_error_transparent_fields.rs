//! Transparent variants of none and several fields.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("none")]
    #[api_error(transparent)]
    None,
    #[error("two")]
    #[api_error(transparent)]
    Two { source: tollgate::Problem, iata: String },
}

fn main() {}
