//! The service as its clients see it.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the helpers have none

mod api;
mod change;
mod client;
mod document;
mod fleet;
mod kept;
mod limits;
mod metrics;
mod program;
mod roles;
mod story;
mod versions;
mod weather;
