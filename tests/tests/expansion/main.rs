//! An annotated handler is still a handler: whatever axum takes, it takes with a gate in front.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod answers;
mod arguments;
mod attributes;
mod cached;
mod extractors;
mod imports;
mod open;
mod order;
mod orders;
mod routes;
mod scopes;
mod shapes;
mod support;
mod trace;
