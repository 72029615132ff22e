//! What is measured, as those see it who collect it: series, ends, bounds, observers, and the tools to test with.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod body;
mod bounds;
mod client;
mod clocks;
mod ends;
mod exposition;
mod facade;
mod layer;
mod observers;
mod series;
mod sockets;
mod support;
