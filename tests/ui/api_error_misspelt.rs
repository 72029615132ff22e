//! "Did you mean".

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(stauts = 404, code = "one")]
    One,
    #[error("two")]
    #[api_error(status = 404, cod = "two")]
    Two,
    #[error("three")]
    #[api_error(status = 404, code = "three", extention(iata))]
    Three { iata: String },
    #[error("four")]
    #[api_error(trasnparent)]
    Four(tollgate::Problem),
}

fn main() {}
