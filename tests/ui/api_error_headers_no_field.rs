//! Header fields of no field.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 503, code = "one", headers(retry_after = after_))]
    One { after: u64 },
    #[error("two")]
    #[api_error(status = 503, code = "two", headers(retry_after))]
    Two { after: u64 },
    #[error("three")]
    #[api_error(status = 503, code = "three", headers(0))]
    Three(u64),
    #[error("four")]
    #[api_error(status = 503, code = "four", headers(retry_after = "30"))]
    Four(u64),
    #[error("five")]
    #[api_error(status = 503, code = "five", headers(retry_after: after))]
    Five { after: u64 },
}

fn main() {}
