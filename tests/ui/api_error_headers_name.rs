//! Header fields that are none, or ours.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 503, code = "one", headers("Retry After" = after))]
    One { after: u64 },
    #[error("two")]
    #[api_error(status = 503, code = "two", headers(content_type = media))]
    Two { media: String },
    #[error("three")]
    #[api_error(status = 503, code = "three", headers("Content-Length" = 0, "" = 0))]
    Three(u64),
}

fn main() {}
