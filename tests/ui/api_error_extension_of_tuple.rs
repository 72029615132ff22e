//! Fields without a name.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(0))]
    One(Iata),
    #[error("two")]
    #[api_error(status = 404, code = "two", extension(iata = 1))]
    Two(String),
    #[error("three")]
    #[api_error(status = 404, code = "three", extension(0, limit = 2))]
    Three(u64, u64),
}

#[derive(Debug, serde::Serialize)]
struct Iata;

fn main() {}
