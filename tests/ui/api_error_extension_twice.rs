//! One member twice.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(iata, name, iata))]
    One { iata: String, name: String },
    #[error("two")]
    #[api_error(status = 404, code = "two", extension(iata), extension(name))]
    Two { iata: String, name: String },
}

fn main() {}
