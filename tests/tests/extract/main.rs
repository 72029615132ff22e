//! The extractors as clients see them: what is read, and what a refusal says about which field.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod bodies;
mod documents;
mod forms;
mod hostile;
mod json;
mod paths;
mod queries;
mod support;
mod valid;
