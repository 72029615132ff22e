//! Circuit breakers and their companions under attack: cancelled at any await, panicked in anywhere, at clocks that jump, by crowds.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and helpers have none

mod breakers;
mod cancelled;
mod handlers;
mod support;
