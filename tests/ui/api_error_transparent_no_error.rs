//! A transparent variant whose field is no error at all.

use tollgate::ApiError;

#[derive(Debug)]
struct Airport;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("refused")]
    #[api_error(transparent)]
    Refused(Airport),
}

fn main() {}
