//! API versions as clients see them: which handler answers, what answers say, what is refused and how.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod answers;
mod dispatch;
mod evolution;
mod extractors;
mod lone;
mod neighbours;
mod paths;
mod readers;
mod set_up;
mod support;
