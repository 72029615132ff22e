//! Errors with parameters.

use std::fmt::{Debug, Display};

use serde::Serialize;
use thiserror::Error;
use tollgate::ApiError;

use crate::answer_of;
use crate::transparent::Missing;

#[derive(Debug, Error, ApiError)]
enum Failure<E: ApiError> {
    #[error("one")]
    #[api_error(status = 404, code = "generic_one")]
    One,
    #[error(transparent)]
    #[api_error(transparent)]
    Inner(E),
}

#[tokio::test]
async fn an_error_may_hold_any_other() {
    assert_eq!(answer_of(|| Failure::<Missing>::One).await.json()["code"], "generic_one");
    assert_eq!(answer_of(|| Failure::Inner(Missing)).await.json()["code"], "missing");
    let codes: Vec<_> = Failure::<Missing>::kinds().iter().map(|kind| kind.code()).collect();
    assert_eq!(codes, ["generic_one", "missing"]);
}

#[derive(Debug, Error, ApiError)]
#[error("{what} of {all:?}")]
#[api_error(status = 422, code = "which", extension(what), headers(x_count = count))]
struct Which<'a, T, N = u64, const LENGTH: usize = 2>
where
    T: Debug + Display,
    N: Debug,
{
    what: T,
    all: [&'a str; LENGTH],
    count: N,
}

#[derive(Debug, Serialize)]
struct Plain;

impl Display for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("plain")
    }
}

#[tokio::test]
async fn parameters_are_what_their_fields_are_used_for() {
    let answer = answer_of(|| Which::<'_, _, u64> { what: 7, all: ["a", "b"], count: 9 }).await;
    assert_eq!((answer.field("x-count"), &answer.json()["what"]), ("9", &7.into()));
    // What is not `Serialize` or no header field makes an error that cannot be answered, but an error all the same.
    let other = Which::<'_, _, Plain> { what: Plain, all: ["", ""], count: Plain };
    assert_eq!(other.to_string(), r#"plain of ["", ""]"#);
}

#[derive(Debug, Error, ApiError)]
enum Borrowed<'a> {
    #[error("{0}")]
    #[api_error(status = 404, code = "borrowed", extension(text = 0))]
    Text(&'a str),
}

#[test]
fn an_error_may_borrow() {
    let text = String::from("there");
    let problem = serde_json::to_value(Borrowed::Text(&text).problem()).unwrap();
    assert_eq!(problem["text"], "there");
}
