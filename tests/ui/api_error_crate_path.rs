//! `crate` is no path.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
#[api_error(crate = "my_facade::tollgate")]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one")]
    One,
}

fn main() {}
