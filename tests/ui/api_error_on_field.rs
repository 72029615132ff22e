//! What belongs to a variant stands on a field.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one")]
    One {
        #[api_error(extension)]
        iata: String,
    },
    #[error("two")]
    #[api_error(status = 503, code = "two")]
    Two(#[api_error(header = "retry-after")] u64),
}

fn main() {}
