//! A mistake within a macro of the user's, where it was handed in.

use tollgate::ApiError;

macro_rules! failure {
    ($name:ident, $status:expr, $code:literal) => {
        #[derive(Debug, thiserror::Error, ApiError)]
        #[error("failed")]
        #[api_error(status = $status, code = $code)]
        struct $name;
    };
}

failure!(Fine, 404, "fine");
failure!(Teapot, 18, "Teapot");

fn main() {}
