//! `Pagination` and `Page` as clients see them: what may be asked for, what is answered, and where links lead.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod cursors;
mod documents;
mod forged;
mod injection;
mod numbers;
mod offsets;
mod parameters;
mod settings;
mod sources;
mod support;
mod walks;
