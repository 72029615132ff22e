//! One header field twice.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 503, code = "one", headers(retry_after = after, "Retry-After" = again))]
    One { after: u64, again: u64 },
}

fn main() {}
