//! A transparent variant that says more.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error(transparent)]
    #[api_error(transparent, status = 404, code = "refused")]
    Refused(#[from] tollgate::Problem),
    #[error(transparent)]
    #[api_error(transparent = true)]
    Again(std::io::Error),
}

fn main() {}
