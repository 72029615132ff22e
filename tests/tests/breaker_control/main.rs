//! Circuit breakers and their neighbours as operators see them: control, events, gauges, routes, configuration.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod config;
mod control;
mod events;
mod facade;
mod gauges;
mod routes;
mod support;
