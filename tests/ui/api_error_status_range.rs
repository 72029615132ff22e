//! A status that is that of no error.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("fine")]
    #[api_error(status = 200, code = "fine")]
    Fine,
    #[error("elsewhere")]
    #[api_error(status = 308, code = "elsewhere")]
    Elsewhere,
    #[error("odd")]
    #[api_error(status = 600, code = "odd")]
    Odd,
    #[error("huge")]
    #[api_error(status = 70000, code = "huge")]
    Huge,
}

fn main() {}
