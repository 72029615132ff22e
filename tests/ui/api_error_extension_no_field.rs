//! Members that are no field.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(itaa))]
    One { iata: String },
    #[error("two")]
    #[api_error(status = 404, code = "two", extension(country, city = town))]
    Two { iata: String, name: String },
    #[error("three")]
    #[api_error(status = 404, code = "three", extension(iata))]
    Three,
    #[error("four")]
    #[api_error(status = 404, code = "four", extension(iata))]
    Four(String),
}

fn main() {}
