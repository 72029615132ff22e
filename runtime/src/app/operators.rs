//! Routes for operators: what all of them do and answer alike.

use std::borrow::Cow;
use std::pin::Pin;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, Method, StatusCode};
use serde_json::Value;

use super::{Admin, Tollgate};
use crate::http::{Problem, decoded};

/// An answer to wait for.
pub(super) type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What is done for an operator, or why it is not.
pub(super) type Operating = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

/// What an operator asks for.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) tollgate: Tollgate,
    pub(super) method: Method,
    /// Empty where there is none.
    pub(super) query: String,
}

impl Tollgate {
    /// A handler that lets nobody past without the admin token.
    pub(super) fn operating(
        &self,
        operate: fn(Asked) -> Operating,
    ) -> impl Fn(Request) -> Answering + Clone + Send + Sync + use<> {
        let tollgate = self.clone();
        move |request| {
            let tollgate = tollgate.clone();
            Box::pin(async move {
                let (parts, _) = request.into_parts();
                if let Err(problem) = tollgate.admit_admin(&parts.headers).map(|Admin| ()) {
                    return problem.into_response();
                }
                let query = parts.uri.query().unwrap_or_default().to_owned();
                let asked = Asked { tollgate, method: parts.method, query };
                operate(asked).await.unwrap_or_else(IntoResponse::into_response)
            })
        }
    }
}

/// JSON that nobody keeps.
pub(super) fn answer(told: &Value) -> Response {
    let fields = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (fields, told.to_string()).into_response()
}

/// The pairs of a query, in their order.
pub(super) fn pairs(query: &str) -> impl Iterator<Item = Result<(&str, String), Problem>> {
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let Some(value) = decoded(value) else { return Err(bad("the query is no text (UTF-8)")) };
        Ok((name, value.into_owned()))
    })
}

/// 400, and why.
pub(super) fn bad(detail: impl Into<Cow<'static, str>>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST).detail(detail.into())
}

/// 405 with those that are allowed.
pub(super) fn not_allowed(methods: &'static str) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, HeaderValue::from_static(methods))
}

/// 503: a shared store is away, and may be back soon.
pub(super) fn away(error: &impl ToString) -> Problem {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE).detail(error.to_string());
    problem.header(RETRY_AFTER, HeaderValue::from(1_u64))
}
