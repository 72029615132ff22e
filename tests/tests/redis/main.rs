//! Limits that processes share, as clients see them while something is wrong with the store: real servers, which the tests
//! start, kill, stop, fill, slow down and take apart.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod away;
mod breakers;
mod calls;
mod cluster;
mod denials;
mod login;
mod looked_at;
mod memory;
mod pressure;
mod processes;
mod program;
mod proxy;
mod service;
mod silent;
mod traffic;
