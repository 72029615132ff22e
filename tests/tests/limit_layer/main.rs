//! `RateLimitLayer`: the policies of gates around a router, or around what lies below a path.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod cancellation;
mod coverage;
mod declared;
mod fields;
mod preflights;
mod principals;
mod refusals;
mod services;
mod support;
