//! Pages out of real databases: SQLite in memory, and a PostgreSQL server that the tests start.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and helpers have none

mod awkward;
mod plans;
mod postgres;
mod support;
mod texts;
mod totals;
mod walks;
