//! An annotated handler is still a handler: whatever axum takes, it takes with a gate in front.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the helpers and handlers have none

mod answers;
mod arguments;
mod extractors;
mod routes;
mod scopes;
mod shapes;
mod support;
