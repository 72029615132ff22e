//! A transparent variant whose field is no answer.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error(transparent)]
    #[api_error(transparent)]
    Io(#[from] std::io::Error),
}

#[derive(Debug, thiserror::Error, ApiError)]
#[error(transparent)]
#[api_error(transparent)]
struct Wrapped(std::fmt::Error);

fn main() {}
