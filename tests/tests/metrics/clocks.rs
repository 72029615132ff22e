//! Clocks: the manual one that moves waits, and the system's.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;
use std::time::{Duration, SystemTime};

use futures_util::FutureExt;
use tollgate::testing::ManualClock;
use tollgate::{Clock, Moment, Sleep, SystemClock};

use crate::support::{SECOND, abandon};

fn at(seconds: u64) -> Moment {
    Moment::ORIGIN.saturating_add(Duration::from_secs(seconds))
}

/// Counts how often it is woken.
#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Woken {
    fn times(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

fn poll(sleep: &mut Sleep, woken: &Arc<Woken>) -> Poll<()> {
    sleep.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::clone(woken))))
}

#[test]
fn clones_are_one_clock() {
    let clock = ManualClock::new();
    let clone = clock.clone();
    clone.advance(SECOND);
    assert_eq!((clock.now(), clock.wall()), (at(1), clone.wall()));
    assert_eq!(format!("{clock:?}"), "ManualClock { now: Moment(1000000000), .. }");
}

#[test]
fn the_time_of_day_moves_with_the_clock_in_both_directions() {
    let clock = ManualClock::default();
    let new_year = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600);
    assert_eq!(clock.wall(), new_year);
    clock.advance(90 * SECOND);
    assert_eq!(clock.wall(), new_year + 90 * SECOND);
    clock.set(at(1));
    assert_eq!(clock.wall(), new_year + SECOND);
    let dawn = ManualClock::beginning_at(SystemTime::UNIX_EPOCH);
    dawn.advance(Duration::from_nanos(1));
    assert_eq!(dawn.wall(), SystemTime::UNIX_EPOCH + Duration::from_nanos(1));
}

#[test]
fn a_clock_stops_at_the_far_end_of_time() {
    let clock = ManualClock::new();
    let mut sleep = clock.sleep_until(Moment::from_nanos(u64::MAX));
    let woken = Arc::new(Woken::default());
    assert!(poll(&mut sleep, &woken).is_pending());
    clock.advance(Duration::MAX);
    assert_eq!((clock.now(), clock.waiting(), woken.times()), (Moment::from_nanos(u64::MAX), 0, 1));
    assert!(poll(&mut sleep, &woken).is_ready());
    clock.advance(SECOND);
    assert_eq!(clock.now(), Moment::from_nanos(u64::MAX));
}

#[test]
fn of_many_who_wait_those_wake_whose_moment_has_come() {
    let (clock, woken) = (ManualClock::new(), Arc::new(Woken::default()));
    let mut sleeps: Vec<_> = (0..1_000).map(|number| clock.sleep_until(at(number % 10 + 1))).collect();
    for sleep in &mut sleeps {
        assert!(poll(sleep, &woken).is_pending());
    }
    for second in 1..=10 {
        clock.advance(SECOND);
        assert_eq!((woken.times(), clock.waiting()), (second * 100, 1_000 - second * 100));
    }
    assert!(sleeps.iter_mut().all(|sleep| poll(sleep, &woken).is_ready()));
}

#[test]
fn one_step_wakes_all_that_it_passes() {
    let (clock, woken) = (ManualClock::new(), Arc::new(Woken::default()));
    let mut sleeps: Vec<_> = (1..=5).map(|second| clock.sleep_until(at(second))).collect();
    assert!(sleeps.iter_mut().all(|sleep| poll(sleep, &woken).is_pending()));
    clock.set(at(4));
    assert_eq!((woken.times(), clock.waiting()), (4, 1));
}

#[test]
fn a_clock_that_steps_back_makes_waits_longer_and_loses_none() {
    let (clock, woken) = (ManualClock::new(), Arc::new(Woken::default()));
    clock.set(at(10));
    let mut sleep = clock.sleep_until(at(20));
    assert!(poll(&mut sleep, &woken).is_pending());
    clock.set(at(5));
    clock.advance(14 * SECOND);
    assert_eq!((woken.times(), clock.waiting()), (0, 1));
    clock.advance(SECOND);
    assert_eq!(woken.times(), 1);
    clock.set(at(0));
    assert!(poll(&mut sleep, &woken).is_pending(), "it was woken, but looked too late: it waits again");
    clock.set(at(20));
    assert_eq!(woken.times(), 2);
    assert!(poll(&mut sleep, &woken).is_ready());
}

#[test]
fn a_wait_wakes_whoever_asked_last() {
    let (clock, first, last) = (ManualClock::new(), Arc::new(Woken::default()), Arc::new(Woken::default()));
    let mut sleep = clock.sleep_until(at(1));
    assert!(poll(&mut sleep, &first).is_pending());
    assert!(poll(&mut sleep, &last).is_pending());
    clock.advance(SECOND);
    assert_eq!((first.times(), last.times(), clock.waiting()), (0, 1, 0));
}

#[test]
fn a_wait_that_is_dropped_wakes_nobody() {
    let (clock, woken) = (ManualClock::new(), Arc::new(Woken::default()));
    let mut sleep = clock.sleep_until(at(1));
    assert!(poll(&mut sleep, &woken).is_pending());
    drop(sleep);
    abandon(clock.sleep_until(at(1)));
    clock.advance(SECOND);
    assert_eq!((woken.times(), clock.waiting()), (0, 0));
}

/// A task that nobody keeps but those who are to wake it, as executors make them.
struct Task(Mutex<Option<Pin<Box<dyn Future<Output = ()> + Send>>>>);

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let waker = Waker::from(Arc::clone(&self));
        if let Some(future) = self.0.lock().unwrap().as_mut() {
            let _ = future.as_mut().poll(&mut Context::from_waker(&waker));
        }
    }
}

/// Whether something is done soon, rather than waiting for itself.
fn ends(what: impl FnOnce() + Send + 'static) -> bool {
    let (done, is_done) = std::sync::mpsc::channel();
    thread::spawn(move || {
        what();
        done.send(()).unwrap();
    });
    is_done.recv_timeout(10 * SECOND).is_ok()
}

#[test]
fn a_waker_may_drop_what_waits_for_the_same_clock() {
    let clock = ManualClock::new();
    let task = |clock: &ManualClock| {
        let mut inner = clock.sleep_until(at(2));
        abandon(&mut inner);
        Waker::from(Arc::new(Task(Mutex::new(Some(inner)))))
    };
    let mut sleep = clock.sleep_until(at(1));
    let waker = task(&clock);
    assert!(sleep.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    drop(waker);
    let asked = clock.clone();
    assert!(ends(move || {
        // The clock keeps the last of the first waker, and lets go of it for the second, which it then drops.
        let waker = task(&asked);
        assert!(sleep.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        drop(waker);
        drop(sleep);
    }));
    assert_eq!(clock.waiting(), 0);
}

#[test]
fn a_waker_may_move_the_clock_and_wait_again() {
    let clock = ManualClock::new();
    let moved = clock.clone();
    let task = Arc::new(Task(Mutex::new(None)));
    *task.0.lock().unwrap() = Some(Box::pin(async move {
        moved.sleep_until(at(1)).await;
        moved.sleep_until(at(2)).await;
        moved.set(at(30));
        moved.sleep_until(at(31)).await;
    }));
    Arc::clone(&task).wake();
    assert!(ends({
        let clock = clock.clone();
        move || (1..=2).for_each(|second| clock.set(at(second)))
    }));
    assert_eq!((clock.now(), clock.waiting()), (at(30), 1));
}

#[test]
fn steps_of_many_threads_add_up() {
    let clock = ManualClock::new();
    thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| (0..1_000).for_each(|_| clock.advance(Duration::from_nanos(1))));
        }
    });
    assert_eq!(clock.now(), Moment::from_nanos(8_000));
}

#[test]
fn whoever_begins_to_wait_while_the_clock_moves_is_never_forgotten() {
    for round in 0..500 {
        let clock = ManualClock::new();
        let (start, woken) = (Barrier::new(4), Arc::new(Woken::default()));
        let polled = thread::scope(|threads| {
            threads.spawn(|| {
                start.wait();
                clock.advance(SECOND);
            });
            let wait = |_| {
                threads.spawn(|| {
                    let mut sleep = clock.sleep_until(at(1));
                    start.wait();
                    let ready = poll(&mut sleep, &woken).is_ready();
                    (ready, sleep)
                })
            };
            let waits: Vec<_> = (0..3).map(wait).collect();
            waits.into_iter().map(|wait| wait.join().unwrap()).collect::<Vec<_>>()
        });
        let ready = polled.iter().filter(|(ready, _)| *ready).count();
        assert_eq!((ready + woken.times(), clock.waiting()), (3, 0), "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_that_wait_in_turns_all_arrive() {
    let clock = ManualClock::new();
    let task = |number: u64| {
        let clock = clock.clone();
        tokio::spawn(async move {
            for second in 1..=50 {
                clock.sleep_until(at(second)).await;
                assert!(clock.now() >= at(second));
            }
            number
        })
    };
    let tasks: Vec<_> = (0..16).map(task).collect();
    for _ in 0..50 {
        // Whoever is late finds its moment passed.
        clock.advance(SECOND);
        tokio::task::yield_now().await;
    }
    for (number, task) in tasks.into_iter().enumerate() {
        let arrived = tokio::time::timeout(10 * SECOND, task).await.unwrap().unwrap();
        assert_eq!(usize::try_from(arrived).unwrap(), number);
    }
    assert_eq!(clock.waiting(), 0);
}

#[tokio::test]
async fn the_systems_clock_waits_no_shorter_than_it_was_told() {
    let clock = SystemClock::new();
    for _ in 0..20 {
        let deadline = clock.now().saturating_add(Duration::from_micros(300));
        clock.sleep_until(deadline).await;
        assert!(clock.now() >= deadline);
    }
}

#[tokio::test]
async fn the_systems_clock_does_not_wait_for_what_has_passed_and_never_for_the_far_end_of_time() {
    let clock = SystemClock::default();
    assert!(clock.sleep_until(Moment::ORIGIN).now_or_never().is_some());
    assert!(clock.sleep_until(clock.now()).now_or_never().is_some());
    abandon(clock.sleep_until(Moment::from_nanos(u64::MAX)));
}

#[test]
fn clones_of_the_systems_clock_have_one_origin() {
    let clock = SystemClock::new();
    let clone = clock.clone();
    let (first, second, third) = (clock.now(), clone.now(), clock.now());
    assert!(first <= second && second <= third);
    assert!(first < at(60), "it began just now");
    assert!(clock.wall() > SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600));
    assert_eq!(format!("{clock:?}"), "SystemClock { .. }");
}
