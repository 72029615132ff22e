//! The circuit breaker's states under loom, which runs a model once for every order in which its threads' steps can happen.
//!
//! The sources are the runtime's own: `crate::core` and `super::sync` are what they stand on, and here the atomics are loom's.

#![cfg(test)]
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    reason = "of each part a model uses a few items"
)]

mod core;
mod models;
mod sync;

#[path = "../../../runtime/src/circuit_breaker/engine.rs"]
mod engine;
#[path = "../../../runtime/src/circuit_breaker/machine/mod.rs"]
mod machine;
#[path = "../../../runtime/src/circuit_breaker/state.rs"]
mod state;
