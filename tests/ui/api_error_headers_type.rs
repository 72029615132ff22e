//! A header field of a type that cannot stand there.

use tollgate::ApiError;

#[derive(Debug)]
struct Pause;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 503, code = "one", headers(retry_after = pause))]
    One { pause: Pause },
    #[error("two")]
    #[api_error(status = 503, code = "two", headers(x_factor = 0))]
    Two(f64),
}

fn main() {}
