//! Counters that threads do not fight for.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use prometheus_client::metrics::counter::{Atomic, Counter};

/// A counter of decisions.
pub(super) type StripedCounter = Counter<u64, Striped>;

/// A power of two. More would cost memory in each of many counters, and two threads rarely meet in one of these.
const STRIPES: usize = 4;

/// One number in several cache lines: a thread adds to one of them, and whoever scrapes sums them up.
#[derive(Debug, Default)]
pub(super) struct Striped([Stripe; STRIPES]);

/// Of two lines, because processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Stripe(AtomicU64);

/// The stripe of this thread; threads take turns.
#[inline]
fn own() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static OWN: Cell<usize> = const { Cell::new(usize::MAX) };
    }
    // A thread that is being taken down has none any more.
    OWN.try_with(|own| match own.get() {
        usize::MAX => {
            own.set(NEXT.fetch_add(1, Ordering::Relaxed) % STRIPES);
            own.get()
        }
        place => place,
    })
    .unwrap_or_default()
}

impl Atomic<u64> for Striped {
    #[inline]
    fn inc(&self) -> u64 {
        self.inc_by(1)
    }

    /// Answers what its stripe had, which nobody asks for.
    #[inline]
    fn inc_by(&self, more: u64) -> u64 {
        let Self(stripes) = self;
        stripes[own() % STRIPES].0.fetch_add(more, Ordering::Relaxed)
    }

    fn get(&self) -> u64 {
        self.0.iter().map(|Stripe(count)| count.load(Ordering::Relaxed)).fold(0, u64::wrapping_add)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn what_all_threads_counted_is_the_sum() {
        let counter = StripedCounter::default();
        thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| (0..10_000).for_each(|_| _ = counter.inc()));
            }
        });
        assert_eq!(counter.get(), 100_000);
    }

    #[test]
    fn threads_take_turns() {
        let places = thread::scope(|scope| {
            let threads: Vec<_> = (0..STRIPES).map(|_| scope.spawn(own)).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect::<Vec<_>>()
        });
        assert_eq!(places.len(), STRIPES);
        assert!(places.iter().all(|place| *place < STRIPES));
    }
}
