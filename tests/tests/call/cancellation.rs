//! A call that is dropped, wherever it waits, leaves its place to the next one.

use std::future::pending;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tollgate::{Tollgate, call};
use tollgate_tests::{counts, site};

use crate::support::{Answer, Polled, tollgate};

const SECOND: Duration = Duration::from_secs(1);

#[call::rate_limited("1/second", wait = "3s")]
async fn waits(number: u32) -> Answer<u32> {
    Ok(number)
}

#[call::rate_limited("1/second", wait = "3s")]
async fn hangs() -> Answer<()> {
    pending().await
}

#[call::rate_limited("2/second")]
async fn panics(number: u32) -> Answer<u32> {
    assert_ne!(number, 0, "no zero");
    Ok(number)
}

fn begin<F: Future>(tollgate: &Tollgate, call: F) -> Polled<impl Future<Output = F::Output>> {
    Polled::new(tollgate.scope(call))
}

#[test]
fn a_call_that_was_never_polled_costs_nothing() {
    let (tollgate, clock) = tollgate();
    drop(begin(&tollgate, waits(0)));
    assert_eq!(begin(&tollgate, waits(1)).poll(), Some(Ok(1)));
    assert_eq!(clock.waiting(), 0);
}

#[test]
fn the_head_of_a_line_leaves_its_permit_to_the_next() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, waits(0)).poll().is_some());
    let (mut head, mut next) = (begin(&tollgate, waits(1)), begin(&tollgate, waits(2)));
    assert_eq!((head.poll(), next.poll()), (None, None));
    drop(head);
    assert_eq!(next.poll(), None);
    clock.advance(SECOND);
    assert_eq!(next.poll(), Some(Ok(2)), "at the time of the one that has gone");
    assert_eq!(clock.waiting(), 0);
}

#[test]
fn one_in_the_middle_is_passed_over() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, waits(0)).poll().is_some());
    let mut calls: Vec<_> = (1..=3).map(|number| begin(&tollgate, waits(number))).collect();
    assert!(calls.iter_mut().all(|call| call.poll().is_none()));
    drop(calls.remove(1));
    clock.advance(SECOND);
    assert_eq!(calls[0].poll(), Some(Ok(1)));
    assert_eq!(calls[1].poll(), None);
    clock.advance(SECOND);
    assert_eq!(calls[1].poll(), Some(Ok(3)));
}

#[test]
fn the_last_one_makes_room_for_another() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, waits(0)).poll().is_some());
    let mut calls: Vec<_> = (1..=3).map(|number| begin(&tollgate, waits(number))).collect();
    assert!(calls.iter_mut().all(|call| call.poll().is_none()));
    assert!(begin(&tollgate, waits(4)).poll().unwrap().is_err(), "there is no fourth second");
    drop(calls.pop());
    let mut other = begin(&tollgate, waits(5));
    assert_eq!(other.poll(), None);
    calls.push(other);
    for number in [1, 2, 5] {
        clock.advance(SECOND);
        assert_eq!(calls.remove(0).poll(), Some(Ok(number)));
    }
    assert_eq!(clock.waiting(), 0);
}

#[test]
fn one_that_goes_when_its_permit_is_there_has_not_taken_it() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, waits(0)).poll().is_some());
    let mut head = begin(&tollgate, waits(1));
    assert_eq!(head.poll(), None);
    clock.advance(SECOND);
    drop(head);
    assert_eq!(begin(&tollgate, waits(2)).poll(), Some(Ok(2)));
}

#[test]
fn one_that_is_dropped_while_its_function_runs_is_charged_and_keeps_nobody_waiting() {
    let (tollgate, clock) = tollgate();
    let mut running = begin(&tollgate, hangs());
    assert_eq!(running.poll(), None);
    assert_eq!(clock.waiting(), 0, "it runs");
    let mut next = begin(&tollgate, hangs());
    assert_eq!(next.poll(), None);
    assert_eq!(clock.waiting(), 1, "it waits for its own permit, not for the other's end");
    drop(running);
    clock.advance(SECOND);
    assert_eq!(next.poll(), None);
    assert_eq!(clock.waiting(), 0, "it runs");
    assert_eq!(counts(&tollgate, site!(hangs)), "rate_limited admitted 2");
}

#[test]
fn thousands_that_are_dropped_leave_no_line_behind() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, waits(0)).poll().is_some());
    for round in 0..1_000 {
        let mut calls: Vec<_> = (0..3).map(|number| begin(&tollgate, waits(number))).collect();
        for call in &mut calls {
            let _ = call.poll();
        }
        // In another order each time.
        calls.rotate_left(round % 3);
        drop(calls);
    }
    assert_eq!(clock.waiting(), 0);
    clock.advance(SECOND);
    assert_eq!(begin(&tollgate, waits(7)).poll(), Some(Ok(7)));
}

#[test]
fn a_panic_passes_through_and_was_charged() {
    let (tollgate, _clock) = tollgate();
    let mut call = begin(&tollgate, panics(0));
    let panic = catch_unwind(AssertUnwindSafe(|| call.poll())).unwrap_err();
    assert!(panic.downcast_ref::<String>().unwrap().contains("no zero"));
    assert_eq!(begin(&tollgate, panics(1)).poll(), Some(Ok(1)));
    assert!(begin(&tollgate, panics(1)).poll().unwrap().is_err());
}
