//! `#[authorize]` as clients see it: who is asked for what, in which order, and what they are told.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod answers;
mod api_keys;
mod bearer;
mod cancellation;
mod concurrency;
mod extractors;
mod fields;
mod hostile;
mod missing;
mod order;
mod principals;
mod requirements;
mod resolver;
mod settings;
mod shadow;
mod support;
mod wire;
