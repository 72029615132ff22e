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
struct Stripe {
    /// What the thread counted whose seat this is, and those that had it before. Nobody else writes here.
    own: AtomicU64,
    /// What all others counted that come here.
    shared: AtomicU64,
}

/// Where a thread counts.
#[derive(Clone, Copy, Debug)]
enum Seat {
    /// It has a stripe: it writes a number that nobody else writes, and needs no bus lock for that.
    Own(usize),
    /// All have one, and it takes its turn.
    Shared(usize),
}

/// The stripes that threads have: a bit for each.
static TAKEN: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// None until it counts for the first time.
    static SEAT: Cell<Option<Seat>> = const { Cell::new(None) };
    /// What gives it back when the thread ends. It is looked at once.
    static SEATED: Seated = Seated(Seat::take());
}

/// A thread with its seat.
struct Seated(Seat);

impl Drop for Seated {
    fn drop(&mut self) {
        // What is dropped after this may count yet.
        SEAT.set(Some(Seat::Shared(0)));
        if let Seat::Own(place) = self.0 {
            TAKEN.fetch_and(!(1 << place), Ordering::Release);
        }
    }
}

impl Seat {
    /// One of its own, while there are any. Who has it next sees all that was counted before, because the bits pass that on.
    #[cold]
    fn take() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let free = |taken: usize| {
            let seat = usize::try_from(taken.trailing_ones()).unwrap_or(STRIPES);
            (seat < STRIPES).then(|| taken | 1 << seat)
        };
        match TAKEN.fetch_update(Ordering::AcqRel, Ordering::Acquire, free) {
            Ok(taken) => Self::Own(usize::try_from(taken.trailing_ones()).unwrap_or_default()),
            Err(_) => Self::Shared(NEXT.fetch_add(1, Ordering::Relaxed) % STRIPES),
        }
    }

    /// That of this thread.
    #[inline]
    fn of_thread() -> Self {
        SEAT.get().unwrap_or_else(Self::sit_down)
    }

    #[cold]
    fn sit_down() -> Self {
        // A thread that is being taken down has none any more.
        let seat = SEATED.try_with(|seated| seated.0).unwrap_or(Self::Shared(0));
        SEAT.set(Some(seat));
        seat
    }
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
        match Seat::of_thread() {
            Seat::Own(place) => {
                let own = &stripes[place % STRIPES].own;
                let had = own.load(Ordering::Relaxed);
                own.store(had.wrapping_add(more), Ordering::Relaxed);
                had
            }
            Seat::Shared(place) => stripes[place % STRIPES].shared.fetch_add(more, Ordering::Relaxed),
        }
    }

    fn get(&self) -> u64 {
        let counts = self.0.iter().flat_map(|Stripe { own, shared }| [own, shared]);
        counts.map(|count| count.load(Ordering::Relaxed)).fold(0, u64::wrapping_add)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
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
    fn nothing_is_lost_where_seats_pass_from_thread_to_thread() {
        let counter = StripedCounter::default();
        for _ in 0..50 {
            thread::scope(|scope| {
                for _ in 0..STRIPES + 2 {
                    scope.spawn(|| (0..100).for_each(|_| _ = counter.inc()));
                }
            });
        }
        assert_eq!(counter.get(), 50 * (STRIPES as u64 + 2) * 100);
    }

    #[test]
    fn no_two_threads_have_one_seat_at_a_time() {
        let barrier = Barrier::new(STRIPES + 2);
        let seats = thread::scope(|scope| {
            let sit = || {
                let seat = Seat::of_thread();
                barrier.wait();
                seat
            };
            let threads: Vec<_> = (0..STRIPES + 2).map(|_| scope.spawn(sit)).collect();
            threads.into_iter().filter_map(|thread| thread.join().ok()).collect::<Vec<_>>()
        });
        let own = seats.iter().filter_map(|seat| match seat {
            Seat::Own(place) => Some(*place),
            Seat::Shared(_) => None,
        });
        let mut own: Vec<_> = own.collect();
        let all = own.len();
        own.sort_unstable();
        own.dedup();
        assert_eq!(own.len(), all, "{seats:?}");
        assert!(all <= STRIPES && own.iter().all(|place| *place < STRIPES), "{seats:?}");
    }
}
