//! A member that cannot be written.

use tollgate::ApiError;

#[derive(Debug)]
struct Runway;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(runway))]
    One { runway: Runway },
    #[error("two")]
    #[api_error(status = 404, code = "two", extension(runways = 0))]
    Two(Vec<Runway>),
}

fn main() {}
