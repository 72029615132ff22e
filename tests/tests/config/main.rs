//! Configuration without recompiling: what it may say, what is told of what it may not, and what a reload changes.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and the helpers have none

mod faults;
mod grammar;
mod in_force;
mod reload;
mod settings;
mod sites;
mod sources;
mod support;
