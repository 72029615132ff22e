//! A clock that a test moves by hand.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use crate::core::{Clock, Moment, Sleep};

/// The second of 2026-01-01T00:00:00Z, at which a clock begins unless said otherwise.
const NEW_YEAR_2026: u64 = 1_767_225_600;

/// A clock that a test moves by hand, and everybody with it who waits. Clones are one clock.
///
/// ```
/// use std::time::Duration;
/// use tollgate::{Clock, Tollgate, testing::ManualClock};
///
/// let clock = ManualClock::new();
/// let tollgate = Tollgate::builder().clock(clock.clone()).build()?;
/// clock.advance(Duration::from_secs(60));
/// # assert_eq!(clock.now().as_nanos(), 60_000_000_000);
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct ManualClock {
    shared: Arc<Shared>,
}

struct Shared {
    nanos: AtomicU64,
    /// The time of day at the origin.
    begun: SystemTime,
    waits: Mutex<Waits>,
}

/// Who waits, by the moment that it waits for and a number of its own.
#[derive(Default)]
struct Waits {
    wakers: BTreeMap<(Moment, u64), Waker>,
    next: u64,
}

impl ManualClock {
    /// A clock at its origin, which is the beginning of 2026.
    #[must_use]
    pub fn new() -> Self {
        Self::beginning_at(SystemTime::UNIX_EPOCH + Duration::from_secs(NEW_YEAR_2026))
    }

    /// A clock at its origin, which is that time of day.
    #[must_use]
    pub fn beginning_at(begun: SystemTime) -> Self {
        Self { shared: Arc::new(Shared { nanos: AtomicU64::new(0), begun, waits: Mutex::default() }) }
    }

    /// Moves it forward, to the far end of time at most, and wakes whoever has waited for that.
    pub fn advance(&self, duration: Duration) {
        self.step(|now| now.saturating_add(duration));
    }

    /// Puts it to a moment, which may be an earlier one: a clock that steps back is what policies have to survive.
    pub fn set(&self, moment: Moment) {
        self.step(|_| moment);
    }

    fn step(&self, to: impl FnOnce(Moment) -> Moment) {
        let mut waits = self.waits();
        let moment = to(self.now());
        self.shared.nanos.store(moment.as_nanos(), Ordering::SeqCst);
        let later = waits.wakers.split_off(&(moment, u64::MAX));
        let due = std::mem::replace(&mut waits.wakers, later);
        drop(waits);
        due.into_values().for_each(Waker::wake);
    }

    /// How many wait for it to move: what a test looks at before it moves the clock.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waits().wakers.len()
    }

    fn waits(&self) -> MutexGuard<'_, Waits> {
        self.shared.waits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ManualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManualClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Moment {
        Moment::from_nanos(self.shared.nanos.load(Ordering::SeqCst))
    }

    fn wall(&self) -> SystemTime {
        let since = Duration::from_nanos(self.now().as_nanos());
        self.shared.begun.checked_add(since).unwrap_or(self.shared.begun)
    }

    fn sleep_until(&self, deadline: Moment) -> Sleep {
        Box::pin(Wait { clock: self.clone(), deadline, number: None })
    }
}

/// Waits for a clock to be moved.
struct Wait {
    clock: ManualClock,
    deadline: Moment,
    /// Its number among those that wait.
    number: Option<u64>,
}

impl Future for Wait {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { clock, deadline, number } = &mut *self;
        // Whoever moves the clock holds the same lock: it either finds this waker or is seen here.
        let mut waits = clock.waits();
        if clock.now() >= *deadline {
            return Poll::Ready(());
        }
        let number = *number.get_or_insert_with(|| {
            waits.next += 1;
            waits.next
        });
        let replaced = waits.wakers.insert((*deadline, number), cx.waker().clone());
        // The last of a waker may take a task along that waits for this clock, too.
        drop(waits);
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(number) = self.number {
            let removed = self.clock.waits().wakers.remove(&(self.deadline, number));
            drop(removed); // no longer under the lock
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::task::Wake;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn poll(sleep: &mut Sleep, woken: &Arc<Woken>) -> Poll<()> {
        sleep.as_mut().poll(&mut Context::from_waker(&Arc::clone(woken).into()))
    }

    #[test]
    fn whoever_waits_wakes_at_its_moment_and_not_a_nanosecond_earlier() {
        let (clock, woken) = (ManualClock::new(), Arc::new(Woken::default()));
        let mut sleep = clock.sleep_until(Moment::ORIGIN.saturating_add(SECOND));
        assert!(poll(&mut sleep, &woken).is_pending());
        clock.advance(Duration::from_nanos(999_999_999));
        assert_eq!((woken.0.load(Ordering::SeqCst), clock.waiting()), (0, 1));
        clock.advance(Duration::from_nanos(1));
        assert_eq!((woken.0.load(Ordering::SeqCst), clock.waiting()), (1, 0));
        assert!(poll(&mut sleep, &woken).is_ready());
    }

    #[test]
    fn a_wait_for_what_has_passed_ends_at_once() {
        let (clock, woken) = (ManualClock::new(), Arc::new(Woken::default()));
        assert!(poll(&mut clock.sleep_until(Moment::ORIGIN), &woken).is_ready());
    }

    #[test]
    fn a_dropped_wait_leaves_nothing_behind() {
        let (clock, woken) = (ManualClock::new(), Arc::new(Woken::default()));
        let at = |seconds| Moment::ORIGIN.saturating_add(SECOND * seconds);
        let mut waits: Vec<_> = [1, 1, 2].map(|seconds| clock.sleep_until(at(seconds))).into();
        for sleep in &mut waits {
            assert!(poll(sleep, &woken).is_pending());
            assert!(poll(sleep, &woken).is_pending(), "asked again, it waits once");
        }
        assert_eq!(clock.waiting(), 3);
        drop(waits.remove(0));
        assert_eq!(clock.waiting(), 2);
        clock.advance(SECOND);
        assert_eq!((woken.0.load(Ordering::SeqCst), clock.waiting()), (1, 1));
        drop(waits);
        assert_eq!(clock.waiting(), 0);
    }

    #[test]
    fn the_time_of_day_moves_along() {
        let clock = ManualClock::beginning_at(SystemTime::UNIX_EPOCH);
        clock.advance(SECOND * 90);
        assert_eq!(clock.wall(), SystemTime::UNIX_EPOCH + SECOND * 90);
        clock.set(Moment::from_nanos(u64::MAX));
        assert!(clock.wall() > SystemTime::UNIX_EPOCH);
    }
}
