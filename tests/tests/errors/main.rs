//! The errors of a whole service: one shape, ids of requests, what the router and its layers answer by themselves, the
//! catalogue.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod catalogue;
mod documents;
mod envelope;
mod layer;
mod measured;
mod panics;
mod request_ids;
mod router;
mod scopes;
mod shapes;
mod support;
