//! What an answer means says a function of its head.

use axum::http::StatusCode;
use axum::http::response::Parts;
use tollgate::{Verdict, circuit_breaker};

fn of_status(_: StatusCode) -> Verdict {
    Verdict::Success
}

fn says_bool(_: &Parts) -> bool {
    true
}

async fn waits(_: &Parts) -> Verdict {
    Verdict::Success
}

#[circuit_breaker(is_failure = of_status)]
async fn other_argument() {}

#[circuit_breaker(is_failure = says_bool)]
async fn other_answer() {}

#[circuit_breaker(is_failure = waits)]
async fn is_async() {}

#[circuit_breaker(is_failure = nowhere)]
async fn unknown() {}

fn main() {}
