//! Waiting for a budget: in turn, no longer than it may, and never for what cannot come.

use std::cell::RefCell;
use std::time::Duration;

use tollgate::testing::ManualClock;
use tollgate::{Clock, Rejected, Tollgate, call};
use tollgate_tests::{counts, site};

use crate::support::{Answer, Polled, millis, refused, tollgate};

const SECOND: Duration = Duration::from_secs(1);

thread_local! {
    static SERVED: RefCell<Vec<u32>> = RefCell::default();
}

/// In the order in which they were served.
fn served() -> Vec<u32> {
    SERVED.take()
}

#[call::rate_limited("1/second", wait = "2s")]
async fn waits(number: u32) -> Answer<u32> {
    SERVED.with_borrow_mut(|served| served.push(number));
    Ok(number)
}

#[call::rate_limited("1/second", wait = "1s")]
async fn waits_a_second(number: u32) -> Answer<u32> {
    Ok(number)
}

#[call::rate_limited("1/second", wait = "1s", key = "{tenant}")]
async fn waits_by_tenant(tenant: &str) -> Answer<usize> {
    Ok(tenant.len())
}

#[call::rate_limited("10/second", burst = 2, wait = "250ms", cost = 2)]
async fn waits_for_two(number: u32) -> Answer<u32> {
    Ok(number)
}

#[call::rate_limited("1/second", "3/10s", wait = "20s")]
async fn waits_for_both(number: u32) -> Answer<u32> {
    Ok(number)
}

#[call::rate_limited("2/second")]
async fn never_waits() -> Answer<()> {
    Ok(())
}

fn begin<F: Future>(tollgate: &Tollgate, call: F) -> Polled<impl Future<Output = F::Output>> {
    Polled::new(tollgate.scope(call))
}

/// Moves the clock in steps, and polls all that wait after each; when, and in which order, each was answered.
fn run<F: Future<Output = Answer<u32>>>(
    clock: &ManualClock,
    waiting: &mut [Polled<F>],
    steps: u32,
    step: Duration,
) -> Vec<(u64, Result<u32, Duration>)> {
    let mut answers = Vec::new();
    let mut done = vec![false; waiting.len()];
    for _ in 0..=steps {
        for (call, done) in waiting.iter_mut().zip(&mut done).filter(|(_, done)| !**done) {
            if let Some(answer) = call.poll() {
                *done = true;
                let at = clock.now().as_nanos() / 1_000_000;
                answers.push((at, answer.map_err(|error| refused::<()>(Err(error)).unwrap())));
            }
        }
        clock.advance(step);
    }
    answers
}

#[test]
fn without_a_wait_it_refuses_at_once_and_says_how_long() {
    let (tollgate, clock) = tollgate();
    for _ in 0..2 {
        assert_eq!(begin(&tollgate, never_waits()).poll(), Some(Ok(())));
    }
    assert_eq!(begin(&tollgate, never_waits()).poll().map(refused), Some(Some(millis(500))));
    assert_eq!(clock.waiting(), 0);
    clock.advance(millis(499));
    assert!(begin(&tollgate, never_waits()).poll().unwrap().is_err());
    clock.advance(millis(1));
    assert_eq!(begin(&tollgate, never_waits()).poll(), Some(Ok(())), "exactly when it said");
}

#[test]
fn with_a_permit_nobody_waits() {
    let (tollgate, clock) = tollgate();
    assert_eq!(begin(&tollgate, waits(1)).poll(), Some(Ok(1)));
    assert_eq!(clock.waiting(), 0);
}

#[test]
fn a_call_waits_until_its_permit_is_there_and_not_a_nanosecond_less() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, waits(1)).poll().is_some());
    let mut second = begin(&tollgate, waits(2));
    assert_eq!(second.poll(), None);
    clock.advance(Duration::from_nanos(999_999_999));
    assert_eq!(second.poll(), None);
    clock.advance(Duration::from_nanos(1));
    assert_eq!(second.poll(), Some(Ok(2)));
    assert_eq!(clock.waiting(), 0);
    assert_eq!(counts(&tollgate, site!(waits)), "rate_limited admitted 2");
}

#[test]
fn calls_are_served_in_the_order_in_which_they_came() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, waits(0)).poll().is_some());
    let mut calls: Vec<_> = (1..=2).map(|number| begin(&tollgate, waits(number))).collect();
    assert!(calls.iter_mut().all(|call| call.poll().is_none()));
    clock.advance(SECOND);
    // The second is asked first, and a third comes along just when there is a permit.
    assert_eq!(calls[1].poll(), None);
    let mut late = begin(&tollgate, waits(3));
    assert_eq!(late.poll(), None);
    assert_eq!(calls[0].poll(), Some(Ok(1)));
    assert_eq!(late.poll(), None);
    clock.advance(SECOND);
    assert_eq!(late.poll(), None);
    assert_eq!(calls[1].poll(), Some(Ok(2)));
    clock.advance(SECOND);
    assert_eq!(late.poll(), Some(Ok(3)));
    assert_eq!(served(), [0, 1, 2, 3]);
}

#[test]
fn of_two_that_wait_for_one_permit_the_first_has_it_and_the_second_is_refused_at_once() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, waits_a_second(0)).poll().is_some());
    let mut first = begin(&tollgate, waits_a_second(1));
    assert_eq!(first.poll(), None);
    let refused = begin(&tollgate, waits_a_second(2)).poll().map(refused);
    assert_eq!(refused, Some(Some(SECOND * 2)), "its turn would come in two seconds");
    clock.advance(SECOND);
    assert_eq!(first.poll(), Some(Ok(1)));
    assert_eq!(counts(&tollgate, site!(waits_a_second)), "rate_limited admitted 2, refused 1");
}

#[test]
fn who_would_wait_too_long_does_not_begin_to() {
    let (tollgate, clock) = tollgate();
    assert_eq!(begin(&tollgate, waits_for_two(1)).poll(), Some(Ok(1)));
    let mut second = begin(&tollgate, waits_for_two(2));
    assert_eq!(second.poll(), None, "200 ms are within 250");
    let refused = begin(&tollgate, waits_for_two(3)).poll().map(refused);
    assert_eq!(refused, Some(Some(millis(400))));
    assert_eq!(clock.waiting(), 1);
    clock.advance(millis(200));
    assert_eq!(second.poll(), Some(Ok(2)));
}

#[test]
fn a_line_in_front_of_a_known_head_is_as_long_as_its_patience() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, waits(0)).poll().is_some());
    let mut calls: Vec<_> = (1..=100).map(|number| begin(&tollgate, waits(number))).collect();
    let answers = run(&clock, &mut calls, 3, SECOND);
    let admitted: Vec<_> =
        answers.iter().filter_map(|(at, answer)| Some((*at, *answer.as_ref().ok()?))).collect();
    assert_eq!(admitted, [(1_000, 1), (2_000, 2)]);
    let late = answers.iter().filter(|(at, answer)| *at > 0 && answer.is_err()).count();
    assert_eq!((answers.len(), late), (100, 0), "98 were refused when they came");
    assert_eq!(clock.waiting(), 0);
}

#[test]
fn keys_have_lines_of_their_own() {
    let (tollgate, clock) = tollgate();
    for tenant in ["a", "bb"] {
        assert!(begin(&tollgate, waits_by_tenant(tenant)).poll().is_some());
    }
    let mut calls = ["a", "bb"].map(|tenant| begin(&tollgate, waits_by_tenant(tenant)));
    assert!(calls.iter_mut().all(|call| call.poll().is_none()));
    clock.advance(SECOND);
    assert_eq!(calls[1].poll(), Some(Ok(2)));
    assert_eq!(calls[0].poll(), Some(Ok(1)));
}

#[test]
fn a_call_waits_for_all_rates() {
    let (tollgate, clock) = tollgate();
    let mut calls: Vec<_> = (0..5).map(|number| begin(&tollgate, waits_for_both(number))).collect();
    let answers = run(&clock, &mut calls, 20, SECOND);
    let at: Vec<_> = answers.iter().map(|(at, answer)| (*at, answer.is_ok())).collect();
    assert_eq!(at, [(0, true), (1_000, true), (2_000, true), (4_000, true), (7_000, true)]);
}

#[test]
fn a_permit_that_somebody_else_has_taken_is_waited_for_again() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, shares_and_waits(0)).poll().is_some());
    let mut waiting = begin(&tollgate, shares_and_waits(1));
    assert_eq!(waiting.poll(), None);
    clock.advance(SECOND);
    assert_eq!(begin(&tollgate, shares_and_goes()).poll(), Some(Ok(())), "who never waits is in no line");
    assert_eq!(waiting.poll(), None);
    clock.advance(SECOND);
    assert_eq!(waiting.poll(), Some(Ok(1)));
}

#[call::rate_limited("1/second", wait = "2s", share = "in turn")]
async fn shares_and_waits(number: u32) -> Answer<u32> {
    Ok(number)
}

#[call::rate_limited("1/second", share = "in turn")]
async fn shares_and_goes() -> Answer<()> {
    Ok(())
}

#[call::rate_limited("1/second", wait = "2s", share = "in turn")]
async fn shares_the_line() -> Answer<()> {
    Ok(())
}

#[test]
fn functions_that_share_a_budget_stand_in_one_line() {
    let (tollgate, clock) = tollgate();
    assert!(begin(&tollgate, shares_and_waits(0)).poll().is_some());
    let mut first = begin(&tollgate, shares_and_waits(1));
    let mut second = begin(&tollgate, shares_the_line());
    assert_eq!((first.poll(), second.poll()), (None, None));
    clock.advance(SECOND);
    assert_eq!((second.poll(), first.poll()), (None, Some(Ok(1))));
    clock.advance(SECOND);
    assert_eq!(second.poll(), Some(Ok(())));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hundred_tasks_get_what_the_rate_gives_and_leave_nothing_behind() {
    let (tollgate, clock) = tollgate();
    let tasks: Vec<_> = (0..100).map(|number| tokio::spawn(tollgate.scope(in_a_crowd(number)))).collect();
    let mover = clock.clone();
    let moving = tokio::spawn(async move {
        loop {
            mover.advance(millis(1));
            tokio::task::yield_now().await;
        }
    });
    let (mut admitted, mut refused) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => admitted += 1,
            Err(_) => refused += 1,
        }
    }
    let seconds = clock.now().as_nanos() / 1_000_000_000;
    moving.abort();
    assert_eq!(admitted + refused, 100);
    assert!(admitted >= 10 && admitted <= 10 + 10 * (seconds + 1), "{admitted} in {seconds} s");
    let counted = counts(&tollgate, site!(in_a_crowd));
    assert!(counted.starts_with(&format!("rate_limited admitted {admitted}")), "{counted}");
    assert_eq!(clock.waiting(), 0);
    assert!(format!("{tollgate:?}").contains("Tollgate"));
}

#[call::rate_limited("10/second", wait = "3s")]
async fn in_a_crowd(number: u32) -> Result<u32, Rejected> {
    Ok(number)
}
