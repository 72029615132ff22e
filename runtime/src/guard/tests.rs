//! What a run does with its time and its place. Behind breakers it is tried where there are some: by handlers and by calls.

use std::future::{pending, ready};
use std::pin::{Pin, pin};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use super::*;
use crate::bulkhead::Door;
use crate::circuit_breaker::{self, Breakers, CircuitBreaker};
use crate::core::{Clock, Key, Moment, Origin, Outcome, Sink, Site, Sleep, Told};
use crate::testing::ManualClock;

#[derive(Default)]
struct Heard(Mutex<Vec<Outcome>>);

impl Sink for Heard {
    fn tell(&self, told: Told) {
        self.0.lock().unwrap().push(told.outcome);
    }
}

/// A clock that counts what is asked of it.
#[derive(Debug, Default)]
struct Asked {
    reads: AtomicUsize,
    sleeps: AtomicUsize,
}

impl Clock for Asked {
    fn now(&self) -> Moment {
        self.reads.fetch_add(1, Ordering::Relaxed);
        Moment::ORIGIN
    }

    fn wall(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn sleep_until(&self, _: Moment) -> Sleep {
        self.sleeps.fetch_add(1, Ordering::Relaxed);
        Box::pin(pending())
    }
}

static SITE: Site =
    Site::new(Origin { file: "", line: 1, column: 1, module: "", function: "" }, None, Vec::new);

/// What stands around a function that has a timeout, and nothing else.
struct Around<'a> {
    clock: &'a dyn Clock,
    breakers: Breakers,
    nanos: Option<u64>,
}

impl<'a> Around<'a> {
    fn new(clock: &'a dyn Clock, nanos: Option<u64>) -> Self {
        let breakers = Breakers::new(
            &(std::sync::Arc::new(ManualClock::new()) as _),
            &(std::sync::Arc::new(|_: &_| {}) as _),
        );
        Self { clock, breakers, nanos }
    }
}

impl<'a> circuit_breaker::Door<'a> for &'a Around<'_> {
    fn breakers(self) -> &'a Breakers {
        &self.breakers
    }

    fn clock(self) -> &'a dyn Clock {
        self.clock
    }

    fn site(self) -> &'static Site {
        &SITE
    }

    fn key(self) -> Option<&'a Key> {
        None
    }

    fn policy(self) -> Option<&'static CircuitBreaker> {
        None
    }

    fn tell(self, _: Outcome) {}
}

impl<'a> Doors<'a> for &'a Around<'_> {
    type Sink = Heard;

    fn bulkhead(self) -> Option<Door<'a, Heard>> {
        None
    }

    fn deadline(self) -> Option<Moment> {
        self.nanos.map(|nanos| self.clock.now().saturating_add_nanos(nanos))
    }
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn what_is_ready_reads_the_clock_once_and_waits_for_nothing() {
    let clock = Asked::default();
    let around = Around::new(&clock, Some(1));
    assert!(matches!(poll(pin!(Run::new(&around, ready(7)))), Poll::Ready(Ran::Answered(7))));
    let asked = (clock.reads.load(Ordering::Relaxed), clock.sleeps.load(Ordering::Relaxed));
    assert_eq!(asked, (1, 0));
}

#[test]
fn without_a_limit_nobody_reads_the_clock() {
    let clock = Asked::default();
    let around = Around::new(&clock, None);
    let mut run = pin!(Run::new(&around, pending::<()>()));
    assert!(poll(run.as_mut()).is_pending() && poll(run.as_mut()).is_pending() && !run.is_timed());
    let asked = (clock.reads.load(Ordering::Relaxed), clock.sleeps.load(Ordering::Relaxed));
    assert_eq!(asked, (0, 0));
}

#[test]
fn time_is_up_at_its_moment_and_no_earlier() {
    let clock = ManualClock::new();
    let around = Around::new(&clock, Some(1_000));
    let mut run = pin!(Run::new(&around, pending::<()>()));
    assert!(poll(run.as_mut()).is_pending());
    clock.advance(Duration::from_nanos(999));
    assert!(poll(run.as_mut()).is_pending());
    clock.advance(Duration::from_nanos(1));
    assert!(matches!(poll(run.as_mut()), Poll::Ready(Ran::TimedOut)));
}

#[test]
fn an_answer_that_is_there_when_time_is_up_is_in_time() {
    let clock = ManualClock::new();
    let around = Around::new(&clock, Some(1_000));
    let (to, from) = tokio::sync::oneshot::channel();
    let mut run = pin!(Run::new(&around, from));
    assert!(poll(run.as_mut()).is_pending());
    clock.advance(Duration::from_secs(1));
    to.send(7).unwrap();
    assert!(matches!(poll(run.as_mut()), Poll::Ready(Ran::Answered(Ok(7)))));
}

#[test]
fn nobody_waits_for_what_is_dropped() {
    let clock = ManualClock::new();
    let around = Around::new(&clock, Some(1_000));
    {
        let run = pin!(Run::new(&around, pending::<()>()));
        assert!(poll(run).is_pending());
        assert_eq!(clock.waiting(), 1);
    }
    assert_eq!(clock.waiting(), 0);
}

#[test]
fn with_its_answer_the_function_is_gone() {
    struct Gone<'a>(&'a AtomicUsize);
    impl Drop for Gone<'_> {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
    let (clock, dropped) = (ManualClock::new(), AtomicUsize::new(0));
    let around = Around::new(&clock, Some(1_000));
    let late = Gone(&dropped);
    let mut run = pin!(Run::new(&around, async move {
        let _late = late;
        pending::<()>().await;
    }));
    assert!(poll(run.as_mut()).is_pending());
    clock.advance(Duration::from_secs(1));
    assert!(matches!(poll(run.as_mut()), Poll::Ready(Ran::TimedOut)));
    assert_eq!(
        dropped.load(Ordering::Relaxed),
        1,
        "before its place is given back, and before anybody hears of it"
    );
    assert!(poll(run.as_mut()).is_pending(), "it is over");
}
