//! Names that RFC 9457 does not allow.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(id))]
    One { id: String },
    #[error("two")]
    #[api_error(status = 404, code = "two", extension(_iata))]
    Two { _iata: String },
    #[error("three")]
    #[api_error(status = 404, code = "three", extension("airport-code" = iata))]
    Three { iata: String },
}

fn main() {}
