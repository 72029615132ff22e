//! What a breaker's parts are made of. The models of `tests/loom` put loom's in its place, and try every order of events.

pub(super) use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
pub(super) use std::sync::{Mutex, MutexGuard};

/// Between counting in one word and looking at another one: of two calls that do so in turn, one sees the other. Here that is what
/// `Ordering::SeqCst` means. loom takes it for less, and has to be told.
#[inline]
pub(super) const fn in_one_order() {}
