//! Lists in other forms.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension = iata)]
    One { iata: String },
    #[error("two")]
    #[api_error(status = 404, code = "two", extension = [iata, name])]
    Two { iata: String, name: String },
    #[error("three")]
    #[api_error(status = 404, code = "three", extension)]
    Three { iata: String },
    #[error("four")]
    #[api_error(status = 404, code = "four", extension())]
    Four { iata: String },
}

fn main() {}
