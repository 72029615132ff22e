//! What a breaker's parts are made of. The models of `tests/loom` put loom's in its place, and try every order of events.

pub(super) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
pub(super) use std::sync::{Mutex, MutexGuard};
