//! Members that every problem has.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
enum Failure {
    #[error("one")]
    #[api_error(status = 404, code = "one", extension(title))]
    One { title: String },
    #[error("two")]
    #[api_error(status = 404, code = "two", extension(type = kind, request_id = id))]
    Two { kind: String, id: String },
    #[error("three")]
    #[api_error(status = 404, code = "three", extension(r#type))]
    Three { r#type: String },
}

fn main() {}
