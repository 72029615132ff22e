//! Errors that answer as one within them does.

use axum::http::StatusCode;
use thiserror::Error;
use tollgate::{ApiError, Problem};

use crate::answer_of;

#[derive(Debug, Error, ApiError)]
#[error("missing")]
#[api_error(status = 404, code = "missing")]
pub(crate) struct Missing;

#[derive(Debug, Error, ApiError)]
enum Outer {
    #[error("outside")]
    #[api_error(status = 409, code = "outside")]
    Outside,
    #[error(transparent)]
    #[api_error(transparent)]
    Missing(#[from] Missing),
    #[error("refused")]
    #[api_error(transparent)]
    Refused { source: Problem },
    #[error(transparent)]
    #[api_error(transparent)]
    Wrapped(#[from] Wrapped),
}

#[derive(Debug, Error, ApiError)]
#[error(transparent)]
#[api_error(transparent)]
struct Wrapped(#[from] Inner);

#[derive(Debug, Error, ApiError)]
enum Inner {
    #[error("inner {0}")]
    #[api_error(status = 503, code = "inner", expose, headers(retry_after = 0))]
    Inner(u64),
}

#[tokio::test]
async fn it_is_answered_as_the_error_within() {
    let answer = answer_of(|| Outer::from(Missing)).await;
    assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::NOT_FOUND, &"missing".into()));
    let answer = answer_of(|| Outer::from(Wrapped::from(Inner::Inner(30)))).await;
    assert_eq!((answer.field("retry-after"), &answer.json()["detail"]), ("30", &"inner 30".into()));
}

#[tokio::test]
async fn a_problem_is_an_error_too() {
    let refused = || Outer::Refused { source: Problem::new(StatusCode::CONFLICT).member("seats", 0) };
    let answer = answer_of(refused).await;
    assert_eq!((answer.status, &answer.json()["seats"]), (StatusCode::CONFLICT, &0.into()));
}

#[test]
fn its_kinds_are_its_own_and_those_within() {
    let codes: Vec<_> = Outer::kinds().iter().map(|kind| kind.code()).collect();
    assert_eq!(codes, ["outside", "missing", "inner"]);
    let _ = Outer::Outside;
}
