//! What the runtime takes from std.

pub(crate) use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering};
pub(crate) use loom::sync::{Mutex, MutexGuard};

/// loom takes accesses that are `SeqCst` for `AcqRel`, but not fences.
pub(crate) fn in_one_order() {
    loom::sync::atomic::fence(Ordering::SeqCst);
}
