//! What must hold in whatever order things happen.

use std::sync::atomic::{AtomicU64 as Plain, AtomicUsize, Ordering};
use std::sync::{Arc as Shared, Mutex as Log};

use loom::sync::Arc;
use loom::thread;

use super::core::{Moment, Verdict};
use super::engine::{Terms, Trial};
use super::machine::{Host, Machine, Pass, Shape};
use super::state::{BreakerState, Cause, Change, Mode};

use Verdict::{Excluded, Failure, Success};

const SECOND: u64 = 1_000_000_000;
const WHOLE: u32 = 1_000_000;

/// Time and listener. loom does not look at them: they are no part of what is tried.
#[derive(Default)]
struct Outside {
    now: Plain,
    changes: Log<Vec<Change>>,
}

impl Host for Outside {
    fn now(&self) -> Moment {
        Moment::from_nanos(self.now.load(Ordering::SeqCst))
    }

    fn tell(&self, change: Change) {
        self.changes.lock().unwrap().push(change);
    }
}

/// A breaker and what is around it.
struct Rig {
    machine: Machine,
    outside: Outside,
}

impl Rig {
    fn new(shape: Shape, terms: Terms) -> Arc<Self> {
        Arc::new(Self { machine: Machine::new(shape, terms, false), outside: Outside::default() })
    }

    /// One that has been open, and is tried by the next call.
    fn tried(terms: Terms) -> Arc<Self> {
        let rig = Self::new(Shape::Row, terms);
        rig.call(Failure);
        rig.outside.now.store(5 * SECOND, Ordering::SeqCst);
        rig
    }

    fn ask(&self) -> Option<Pass> {
        self.machine.admit(&self.outside).ok()
    }

    fn end(&self, pass: Pass, verdict: Verdict) {
        self.machine.settle(pass, verdict, None, &self.outside);
    }

    fn call(&self, verdict: Verdict) {
        if let Some(pass) = self.ask() {
            self.end(pass, verdict);
        }
    }

    fn failures(&self) -> u32 {
        self.machine.snapshot(self.outside.now()).failures
    }

    fn trial(&self) -> Trial {
        self.machine.snapshot(self.outside.now()).trial.unwrap()
    }

    /// How often it became that.
    fn became(&self, state: BreakerState) -> usize {
        self.outside.changes.lock().unwrap().iter().filter(|change| change.to == state).count()
    }
}

/// Opens after so many failures, and is tried by so many calls.
fn terms(failures: u32, trials: u32) -> Terms {
    Terms {
        failure_rate: WHOLE / 2,
        minimum_calls: failures,
        consecutive_failures: failures,
        open_for: 5 * SECOND,
        open_for_growth: WHOLE,
        open_for_max: None,
        jitter: 0,
        half_open_calls: trials,
        half_open_rate: None,
        half_open_wait: None,
        slow_call: None,
        slow_rate: WHOLE,
    }
}

/// Does these at once, and waits for all.
fn at_once<const N: usize>(rig: &Arc<Rig>, doings: [fn(&Rig); N]) {
    let workers = doings.map(|doing| {
        let rig = Arc::clone(rig);
        thread::spawn(move || doing(&rig))
    });
    for worker in workers {
        worker.join().unwrap();
    }
}

/// Ends calls that passed before, at once.
fn end_at_once(rig: &Arc<Rig>, calls: &[(Pass, Verdict)]) {
    let workers: Vec<_> = calls
        .iter()
        .map(|&(pass, verdict)| {
            let rig = Arc::clone(rig);
            thread::spawn(move || rig.end(pass, verdict))
        })
        .collect();
    for worker in workers {
        worker.join().unwrap();
    }
}

/// All orders but for those that let a thread be interrupted more often than so.
fn every_order(interruptions: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(interruptions);
    builder.check(model);
}

#[test]
fn two_failures_at_the_threshold_open_once() {
    for shape in [Shape::Row, Shape::Calls(2), Shape::Time(10 * SECOND)] {
        every_order(3, move || {
            let rig = Rig::new(shape, terms(2, 1));
            at_once(&rig, [|rig| rig.call(Failure), |rig| rig.call(Failure)]);
            assert_eq!(rig.machine.state(), BreakerState::Open);
            assert_eq!(rig.became(BreakerState::Open), 1);
        });
    }
}

#[test]
fn two_that_would_open_alone_open_once() {
    every_order(3, || {
        let rig = Rig::new(Shape::Row, terms(1, 1));
        at_once(&rig, [|rig| rig.call(Failure), |rig| rig.call(Failure)]);
        assert_eq!((rig.machine.state(), rig.became(BreakerState::Open)), (BreakerState::Open, 1));
        assert_eq!(rig.machine.snapshot(rig.outside.now()).openings, 1);
    });
}

#[test]
fn a_failure_and_a_success_that_make_enough_open() {
    for shape in [Shape::Calls(2), Shape::Time(10 * SECOND)] {
        every_order(3, move || {
            let rig = Rig::new(shape, terms(2, 1));
            at_once(&rig, [|rig| rig.call(Failure), |rig| rig.call(Success)]);
            assert_eq!(rig.machine.state(), BreakerState::Open, "one of two failed, in either order");
        });
    }
}

#[test]
fn a_failure_and_a_success_where_others_succeeded_make_enough() {
    for shape in [Shape::Calls(3), Shape::Time(10 * SECOND)] {
        every_order(3, move || {
            let rig = Rig::new(shape, Terms { failure_rate: WHOLE / 3, ..terms(3, 1) });
            rig.call(Success);
            at_once(&rig, [|rig| rig.call(Failure), |rig| rig.call(Success)]);
            assert_eq!(rig.machine.state(), BreakerState::Open, "one of three failed, in either order");
        });
    }
}

#[test]
fn successes_at_once_are_all_counted() {
    every_order(3, || {
        let rig = Rig::new(Shape::Time(10 * SECOND), terms(9, 1));
        rig.call(Success);
        at_once(&rig, [|rig| rig.call(Success), |rig| rig.call(Success)]);
        assert_eq!(rig.machine.snapshot(rig.outside.now()).calls, 3);
    });
}

#[test]
fn a_ring_that_is_overtaken_holds_what_its_totals_say() {
    every_order(2, || {
        let rig = Rig::new(Shape::Calls(1), terms(1, 1));
        rig.machine.set_mode(Mode::ForcedClosed, Moment::ORIGIN, &rig.outside);
        at_once(&rig, [|rig| rig.call(Failure), |rig| rig.call(Success)]);
        assert!(rig.failures() <= 1);
        rig.call(Success);
        assert_eq!(rig.failures(), 0);
        rig.call(Failure);
        assert_eq!(rig.failures(), 1);
    });
}

#[test]
fn a_latecomer_does_not_touch_newer_counters() {
    for shape in [Shape::Row, Shape::Calls(2), Shape::Time(10 * SECOND)] {
        for late in [Failure, Success] {
            every_order(2, move || {
                let rig = Rig::new(shape, terms(10, 1));
                rig.call(Failure);
                let old = rig.ask().unwrap();
                let other = Arc::clone(&rig);
                let latecomer = thread::spawn(move || other.end(old, late));
                rig.machine.reset(Moment::ORIGIN, &rig.outside);
                rig.call(Failure);
                latecomer.join().unwrap();
                assert_eq!(rig.failures(), 1, "the new one alone");
            });
        }
    }
}

#[test]
fn no_more_than_so_many_try() {
    every_order(2, || {
        let rig = Rig::tried(terms(1, 1));
        let passed = Shared::new(AtomicUsize::new(0));
        let workers: Vec<_> = (0..2)
            .map(|_| {
                let (rig, passed) = (Arc::clone(&rig), Shared::clone(&passed));
                thread::spawn(move || passed.fetch_add(usize::from(rig.ask().is_some()), Ordering::SeqCst))
            })
            .collect();
        for worker in workers {
            worker.join().unwrap();
        }
        assert_eq!(passed.load(Ordering::SeqCst), 1);
        assert_eq!(rig.became(BreakerState::HalfOpen), 1);
        assert_eq!(rig.trial().taken, 1);
    });
}

#[test]
fn a_trial_that_is_given_up_can_be_taken_again() {
    every_order(3, || {
        let rig = Rig::tried(terms(1, 1));
        at_once(&rig, [|rig| rig.call(Excluded), |rig| rig.call(Excluded)]);
        assert_eq!(rig.trial(), Trial::default());
        assert!(rig.ask().is_some());
        assert!(rig.ask().is_none());
    });
}

#[test]
fn of_two_that_decide_one_does() {
    for rate in [None, Some(WHOLE / 2)] {
        for verdicts in [[Success, Success], [Success, Failure], [Failure, Failure]] {
            every_order(3, move || {
                let rig = Rig::tried(Terms { half_open_rate: rate, ..terms(1, 2) });
                let calls = verdicts.map(|verdict| (rig.ask().unwrap(), verdict));
                end_at_once(&rig, &calls);
                let closed = rig.became(BreakerState::Closed);
                let opened = rig.became(BreakerState::Open) - 1;
                let fails = verdicts.contains(&Failure);
                assert_eq!((closed, opened), (usize::from(!fails), usize::from(fails)));
            });
        }
    }
}

#[test]
fn a_result_and_somebody_who_forces_it_do_not_undo_each_other() {
    every_order(3, || {
        let rig = Rig::new(Shape::Row, terms(1, 1));
        at_once(
            &rig,
            [
                |rig| rig.call(Failure),
                |rig| rig.machine.set_mode(Mode::ForcedOpen, Moment::ORIGIN, &rig.outside),
            ],
        );
        assert_eq!(rig.machine.state(), BreakerState::ForcedOpen);
        assert_eq!(rig.became(BreakerState::ForcedOpen), 1);
    });
}
