//! Many calls at once.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

use super::*;

#[test]
fn row_51_no_result_is_lost() {
    for policy in [of_calls(100, 10_000, 10_000), of_time(100, 1_000_000, 100)] {
        let rig = Rig::new(policy);
        thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| (0..1000).for_each(|_| rig.calls("SSSSSFSSSS")));
            }
        });
        let expected = if matches!(policy.rule, super::super::Rule::Rate { window: Window::Calls(_), .. }) {
            10_000
        } else {
            100_000
        };
        assert_eq!(rig.counts().0, expected);
        let failures = rig.counts().1;
        // Of the last ten thousand calls one in ten failed, but for those at the edge that did not come in order.
        assert!(failures.abs_diff(expected / 10) <= if expected == 100_000 { 0 } else { 20 }, "{failures}");
        assert_eq!(rig.state(), BreakerState::Closed);
    }
}

#[test]
fn row_51_the_totals_of_a_ring_are_what_is_in_it() {
    // Passed around many times, by many, with everything that may happen to a place.
    let rig = Rig::new(of_calls(100, 37, 37).slow_calls(1, WHOLE));
    rig.breaker.set_mode(Mode::ForcedClosed, rig.now());
    thread::scope(|scope| {
        for worker in 0..8 {
            let rig = &rig;
            scope.spawn(move || {
                for turn in 0..2000 {
                    rig.calls(if (turn + worker) % 3 == 0 { "F" } else { "S" });
                }
            });
        }
    });
    rig.calls(&"F".repeat(37));
    assert_eq!(rig.counts(), (37, 37, 0));
    rig.calls(&"S".repeat(37));
    assert_eq!(rig.counts(), (37, 0, 0));
}

#[test]
fn ten_thousand_failures_at_once_open_once() {
    for policy in [in_a_row(100), of_calls(50, 100, 1000), of_time(50, 100, 100)] {
        let rig = Rig::new(policy);
        let permits: Vec<_> = (0..10_000).map(|_| rig.pass()).collect();
        let mut permits = permits.into_iter();
        thread::scope(|scope| {
            for _ in 0..8 {
                let share: Vec<_> = permits.by_ref().take(1250).collect();
                let rig = &rig;
                scope.spawn(move || share.into_iter().for_each(|permit| rig.end(permit, 'F')));
            }
        });
        assert_eq!(rig.told(), [(BreakerState::Closed, BreakerState::Open, Why::Failures)]);
        assert_eq!(rig.snapshot().openings, 1);
    }
}

#[test]
fn many_who_come_when_its_time_is_over_are_as_many_trials_as_may_be() {
    let rig = Rig::new(in_a_row(1).half_open_calls(7));
    rig.calls("F");
    rig.wait(5000);
    let passed: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| (0..20).filter_map(|_| rig.ask().ok()).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert_eq!(passed.len(), 7);
    assert_eq!(rig.told().len(), 2);
}

/// A number after another: the same for the same seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

#[test]
fn a_hundred_thousand_calls_given_up_anywhere_leave_all_trials_behind() {
    for (seed, policy) in [in_a_row(3), of_calls(50, 5, 20), of_time(50, 5, 10)].into_iter().enumerate() {
        let rig = Rig::new(policy.half_open_calls(5));
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15 ^ seed as u64);
        let mut under_way = Vec::new();
        let (mut asked, mut admitted, mut refused) = (0, 0, 0);
        let mut ends = [0_u32; 5];
        while asked < 34_000 {
            if numbers.below(100) < 55 && under_way.len() < 40 {
                asked += 1;
                match rig.ask() {
                    Ok(permit) => {
                        admitted += 1;
                        under_way.push(permit);
                    }
                    Err(_) => refused += 1,
                }
            } else if !under_way.is_empty() {
                let permit =
                    under_way.swap_remove(usize::try_from(numbers.below(under_way.len() as u64)).unwrap());
                let end = usize::try_from(numbers.below(5)).unwrap();
                ends[end] += 1;
                match end {
                    4 => {
                        let call = || {
                            let _permit = permit;
                            resume_unwind(Box::new(()));
                        };
                        assert!(catch_unwind(AssertUnwindSafe(call)).is_err());
                    }
                    end => rig.end(permit, ['S', 'F', 'X', 'C'][end]),
                }
            }
            rig.wait(numbers.below(300));
        }
        let left = u32::try_from(under_way.len()).unwrap();
        drop(under_way);
        assert_eq!((asked, admitted), (admitted + refused, ends.iter().sum::<u32>() + left));
        // Whatever it is now: open it, wait, and all trials are there.
        rig.breaker.reset(rig.now());
        rig.calls(
            "FFFFF".get(..if rig.snapshot().failure_rate.is_none() && seed == 0 { 3 } else { 5 }).unwrap(),
        );
        assert_eq!(rig.state(), BreakerState::Open);
        rig.wait(5000);
        let trials: Vec<_> = (0..5).map(|_| rig.pass()).collect();
        assert_eq!(rig.refused(), None);
        drop(trials);
        assert_eq!(rig.snapshot().trial, Some(Default::default()));
        rig.calls("SSSSS");
        assert_eq!((rig.state(), rig.counts()), (BreakerState::Closed, (0, 0, 0)));
        assert!(rig.told().len() > 100, "it went through all states: {}", rig.told().len());
    }
}

#[test]
fn calls_on_many_threads_given_up_anywhere_leave_all_trials_behind() {
    let rig = Rig::new(of_calls(50, 5, 20).half_open_calls(5).open_for(1));
    thread::scope(|scope| {
        for worker in 0..4_u64 {
            let rig = &rig;
            scope.spawn(move || {
                let mut numbers = Numbers(77 + worker);
                for _ in 0..5000 {
                    if let Ok(permit) = rig.ask() {
                        rig.end(permit, ['S', 'F', 'X', 'C'][usize::try_from(numbers.below(4)).unwrap()]);
                    }
                    rig.clock.advance(Duration::from_nanos(1));
                }
            });
        }
    });
    let changes = rig.told();
    assert!(changes.len() > 10);
    let home = changes.iter().filter(|change| change.1 == BreakerState::Closed).count();
    let left = changes.iter().filter(|change| change.0 == BreakerState::Closed).count();
    assert!(left == home || left == home + 1, "{left} {home}");
    rig.breaker.reset(rig.now());
    rig.breaker.pre_open(rig.now().saturating_add_nanos(1), rig.now());
    rig.wait(1);
    let trials: Vec<_> = (0..5).map(|_| rig.pass()).collect();
    assert_eq!((rig.refused(), trials.len()), (None, 5));
}
