//! Members that are more than a field.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(self.iata))]
    One { iata: String },
    #[error("two")]
    #[api_error(status = 404, code = "two", extension(length = iata.len()))]
    Two { iata: String },
    #[error("three")]
    #[api_error(status = 404, code = "three", extension("iata"))]
    Three { iata: String },
    #[error("four")]
    #[api_error(status = 404, code = "four", extension(iata = "LHR"))]
    Four { iata: String },
}

fn main() {}
