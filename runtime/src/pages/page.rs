//! A page, and the answer that carries it.

use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// How many rows there are on all pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// That many.
    Exact(u64),
    /// About that many.
    Estimate(u64),
    /// Nobody counted.
    Unknown,
}

/// A page of items: an answer.
#[derive(Clone, Debug)]
pub struct Page<T> {
    data: Vec<T>,
}

impl<T> Page<T> {
    pub(super) fn empty() -> Self {
        Self { data: Vec::new() }
    }

    /// The page with another item in the place of each.
    pub fn map<U>(self, item: impl FnMut(T) -> U) -> Page<U> {
        Page { data: self.data.into_iter().map(item).collect() }
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        Response::default()
    }
}
