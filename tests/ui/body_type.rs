//! Errors of the body stay the compiler's own, on the user's tokens.

use axum::extract::Path;
use axum::http::StatusCode;
use tollgate::{rate_limited, with_metrics};

#[rate_limited("100/minute")]
#[with_metrics]
async fn mismatch(Path(id): Path<u32>) -> String {
    id
}

#[rate_limited("100/minute")]
async fn question_mark(Path(id): Path<String>) -> Result<String, StatusCode> {
    let number: u32 = id.parse()?;
    Ok(number.to_string())
}

#[rate_limited("100/minute")]
async fn semicolon() -> String {
    String::new();
}

#[rate_limited("100/minute")]
async fn unknown_name() -> String {
    nmae
}

fn main() {}
