//! Policies in front of functions that other code calls.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and helpers have none

mod answers;
mod attempts;
mod attributes;
mod cached;
mod cancellation;
mod forms;
mod keys;
mod limits;
mod scopes;
mod sites;
mod support;
mod traits;
mod waiting;
