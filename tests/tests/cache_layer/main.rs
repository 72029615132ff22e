//! `CacheLayer`: a shared cache in front of the scripted origin of the conformance binary.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and helpers have none

mod kept;
mod poisoned;
mod shared;
mod stale;
mod support;
mod writes;
