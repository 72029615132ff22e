//! Breakers at clocks that jump, before crowds, in each other, shared, by keys that an attacker makes up, and held by somebody.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::task::yield_now;
use tollgate::testing::ManualClock;
use tollgate::{BreakerState, Clock, Moment, Observer, Tollgate, Transition, call};
use tollgate_tests::site;

use crate::support::{
    Answer, Chance, Error, at_once, at_the_breaker, begin, count, is_refused, seconds, state, tollgate,
};

const fn answer(is_fine: bool) -> Answer<()> {
    if is_fine { Ok(()) } else { Err(Error::Away) }
}

#[call::circuit_breaker(consecutive_failures = 2, open_for = "10s", jitter = 0, half_open_calls = 1)]
async fn in_a_row(is_fine: bool) -> Answer<()> {
    answer(is_fine)
}

#[call::circuit_breaker(
    failure_rate = 0.5,
    window = "10s",
    minimum_calls = 10,
    open_for = "10s",
    jitter = 0,
    half_open_calls = 1,
    half_open_wait = "10s"
)]
async fn by_time(is_fine: bool) -> Answer<()> {
    answer(is_fine)
}

fn at(clock: &ManualClock, second: u64) {
    clock.set(Moment::ORIGIN.saturating_add(seconds(second)));
}

#[test]
fn a_window_of_time_opens_wherever_the_clock_has_jumped_to() {
    let hour = 3_600;
    // By how many seconds it goes back from ten hours, before all calls fail.
    for back in (0..40).chain([hour - 5, hour, 9 * hour]) {
        let (tollgate, clock) = tollgate();
        for second in 0..20 {
            at(&clock, 10 * hour + second);
            assert_eq!(at_once(&tollgate, by_time(true)), Ok(()));
        }
        at(&clock, 10 * hour + 19 - back);
        let failures = (0..100).take_while(|_| !is_refused(at_once(&tollgate, by_time(false)))).count();
        assert!(failures <= 20, "{back} s back: {failures} calls had to fail");
    }
}

#[test]
fn no_jump_of_the_clock_keeps_it_open_or_half_open_for_good() {
    let (tollgate, clock) = tollgate();
    let mut chance = Chance(5);
    for _ in 0..500 {
        // Wherever it is, it jumps by hours, with a trial under way or without.
        let mut trial = begin(&tollgate, by_time(chance.below(2) == 0));
        for _ in 0..chance.below(30) {
            drop(at_once(&tollgate, by_time(false)));
            drop(at_once(&tollgate, in_a_row(false)));
        }
        at(&clock, chance.below(20 * 3_600));
        if chance.below(2) == 0 {
            let _ = trial.poll();
        }
        drop(trial);
        // The first call sees that the clock has gone back.
        drop(at_once(&tollgate, by_time(true)));
        drop(at_once(&tollgate, in_a_row(true)));
        clock.advance(seconds(10));
        drop(at_once(&tollgate, by_time(true)));
        assert_eq!(at_once(&tollgate, in_a_row(true)), Ok(()));
        clock.advance(seconds(10));
        assert_eq!(at_once(&tollgate, by_time(true)), Ok(()));
        let states = [state(&tollgate, site!(by_time)), state(&tollgate, site!(in_a_row))];
        assert_eq!(states, [BreakerState::Closed; 2]);
    }
}

#[derive(Clone, Debug, Default)]
struct Heard {
    opened: Arc<AtomicU64>,
    half_opened: Arc<AtomicU64>,
}

impl Observer for Heard {
    fn transitioned(&self, transition: &Transition) {
        match transition.to {
            BreakerState::Open => self.opened.fetch_add(1, Ordering::SeqCst),
            BreakerState::HalfOpen => self.half_opened.fetch_add(1, Ordering::SeqCst),
            _ => 0,
        };
    }
}

#[call::circuit_breaker(consecutive_failures = 5, open_for = "10s", jitter = 0, half_open_calls = 3)]
async fn crowded(is_fine: bool) -> Answer<()> {
    yield_now().await;
    yield_now().await;
    answer(is_fine)
}

async fn crowd(tollgate: &Tollgate, is_fine: bool) -> usize {
    let calls = (0..10_000).map(|_| tokio::spawn(tollgate.scope(crowded(is_fine))));
    let mut refused = 0;
    for call in calls.collect::<Vec<_>>() {
        refused += usize::from(is_refused(call.await.unwrap()));
    }
    refused
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_calls_at_once_open_it_once_and_half_open_it_once() {
    let (heard, clock) = (Heard::default(), ManualClock::new());
    let tollgate = Tollgate::builder().clock(clock.clone()).observer(heard.clone()).build().unwrap();
    crowd(&tollgate, false).await;
    assert_eq!(heard.opened.load(Ordering::SeqCst), 1);
    assert_eq!(crowd(&tollgate, true).await, 10_000, "all are refused");
    clock.advance(seconds(10));
    crowd(&tollgate, false).await;
    let heard = (heard.opened.load(Ordering::SeqCst), heard.half_opened.load(Ordering::SeqCst));
    assert_eq!(heard, (2, 1));
    assert_eq!(at_the_breaker(&tollgate, site!(crowded)), 30_000);
    let passed = count(&tollgate, site!(crowded), "circuit_breaker", &["failure"]);
    assert!(passed <= 10_003, "three tried it, of whom all failed: {passed}");
}

#[call::circuit_breaker(consecutive_failures = 1, open_for = "10s", jitter = 0)]
async fn inner() -> Answer<()> {
    Err(Error::Away)
}

#[call::circuit_breaker(consecutive_failures = 3, open_for = "10s", jitter = 0)]
async fn outer() -> Answer<()> {
    inner().await
}

/// Calls itself behind its own breaker and its own bulkhead.
#[call::circuit_breaker(consecutive_failures = 3, open_for = "10s", jitter = 0, half_open_calls = 1)]
#[call::bulkhead(max_concurrent = 4)]
async fn recurs(depth: u32) -> Answer<u32> {
    if depth == 0 { Ok(0) } else { Ok(Box::pin(recurs(depth - 1)).await? + 1) }
}

#[test]
fn nested_and_recursive_breakers_neither_hang_nor_lose_anything() {
    let (tollgate, clock) = tollgate();
    for _ in 0..5 {
        assert!(at_once(&tollgate, outer()).is_err());
    }
    assert_eq!(state(&tollgate, site!(outer)), BreakerState::Open, "the inner one's refusals count");
    assert_eq!(count(&tollgate, site!(outer), "circuit_breaker", &["failure", "refused"]), 5);
    assert_eq!(at_once(&tollgate, recurs(3)), Ok(3));
    assert!(is_refused(at_once(&tollgate, recurs(4))), "five at a time are too many");
    for _ in 0..3 {
        assert!(at_once(&tollgate, recurs(9)).is_err());
    }
    clock.advance(seconds(10));
    // The one trial that there may be refuses its own second half, which fails the trial: a second later it goes on so.
    for _ in 0..3 {
        drop(at_once(&tollgate, recurs(1)));
        clock.advance(seconds(10));
    }
    assert_eq!(at_once(&tollgate, recurs(0)), Ok(0));
    assert_eq!(at_once(&tollgate, recurs(3)), Ok(3));
}

#[call::circuit_breaker(consecutive_failures = 2, open_for = "10s", jitter = 0, share = "attacked")]
async fn writes(is_fine: bool) -> Answer<()> {
    answer(is_fine)
}

#[call::circuit_breaker(consecutive_failures = 2, open_for = "10s", jitter = 0, share = "attacked")]
async fn reads(is_fine: bool) -> Answer<()> {
    answer(is_fine)
}

#[test]
fn what_is_shared_opens_for_all_and_each_counts_its_own() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(
        (at_once(&tollgate, writes(false)), at_once(&tollgate, reads(false))),
        (answer(false), answer(false))
    );
    assert!(is_refused(at_once(&tollgate, writes(true))) && is_refused(at_once(&tollgate, reads(true))));
    let told = [site!(writes), site!(reads)].map(|site| at_the_breaker(&tollgate, site));
    assert_eq!(told, [2, 2]);
}

#[call::circuit_breaker(
    consecutive_failures = 2,
    open_for = "10s",
    jitter = 0,
    key = "{host}",
    max_keys = 64
)]
async fn asks(host: u64, is_fine: bool) -> Answer<u64> {
    answer(is_fine).map(|()| host)
}

#[test]
fn keys_that_an_attacker_makes_up_neither_close_an_open_breaker_nor_grow_it() {
    let (tollgate, _clock) = tollgate();
    for host in 0..8 {
        assert_eq!(at_once(&tollgate, asks(host, false)), Err(Error::Away));
        assert_eq!(at_once(&tollgate, asks(host, false)), Err(Error::Away));
    }
    for fresh in 100..20_100 {
        drop(at_once(&tollgate, asks(fresh, fresh % 3 > 0)));
    }
    for host in 0..8 {
        assert!(is_refused(at_once(&tollgate, asks(host, true))), "{host}");
    }
    assert!(tollgate.breaker(site!(asks)).unwrap().keys().len() <= 64);
    assert_eq!(at_the_breaker(&tollgate, site!(asks)), 16 + 20_000 + 8);
}

#[test]
fn a_breaker_that_is_being_tried_is_not_pushed_out_by_keys_that_an_attacker_makes_up() {
    let (tollgate, clock) = tollgate();
    for _ in 0..2 {
        assert_eq!(at_once(&tollgate, asks(1, false)), Err(Error::Away));
    }
    clock.advance(seconds(10));
    let of_key = tollgate.breaker(site!(asks)).unwrap().key("text:1").unwrap();
    for round in 1..=3 {
        assert_eq!(at_once(&tollgate, asks(1, true)), Ok(1));
        for fresh in 0..2_000 {
            drop(at_once(&tollgate, asks(round * 10_000 + fresh, true)));
        }
        let tried =
            tollgate.circuit_breakers().into_iter().filter(|one| one.key.as_deref() == Some("text:1"));
        let states: Vec<_> = tried.map(|one| one.state).collect();
        let expected: &[_] = if round < 3 { &[BreakerState::HalfOpen] } else { &[] };
        assert_eq!(states, expected, "after {round} of three trials, the last of which closes it");
    }
    assert!(of_key.status().is_none());
}

/// Of those who race a hand that forces it back and forth.
#[call::circuit_breaker(consecutive_failures = 3, open_for = "1s", jitter = 0, half_open_calls = 2)]
#[call::bulkhead(max_concurrent = 3, queue = 3, wait = "1s")]
async fn raced(is_fine: bool) -> Answer<()> {
    yield_now().await;
    answer(is_fine)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hand_that_forces_it_under_traffic_leaves_nothing_taken_and_nothing_uncounted() {
    let (tollgate, clock) = tollgate();
    let breaker = tollgate.breaker(site!(raced)).unwrap();
    let calls: Vec<_> =
        (0..20_000).map(|number| tokio::spawn(tollgate.scope(raced(number % 3 > 0)))).collect();
    for turn in 0..2_000 {
        match turn % 5 {
            0 => breaker.force_open(),
            1 => breaker.force_closed(),
            2 => breaker.disable(),
            3 => breaker.automatic(),
            _ => breaker.reset(),
        }
        clock.advance(std::time::Duration::from_millis(400));
        yield_now().await;
    }
    for call in calls {
        clock.advance(seconds(1));
        drop(call.await.unwrap());
    }
    assert_eq!(at_the_breaker(&tollgate, site!(raced)), 20_000);
    assert_eq!(clock.waiting(), 0);
    breaker.automatic();
    clock.advance(seconds(3_600));
    for _ in 0..2 {
        let mut both = [begin(&tollgate, raced(true)), begin(&tollgate, raced(true))];
        assert!(both.iter_mut().all(|call| call.poll().is_none()));
        assert!(both.iter_mut().all(|call| call.poll() == Some(Ok(()))));
    }
    assert_eq!(breaker.state(), BreakerState::Closed);
}

#[call::circuit_breaker(consecutive_failures = 1, open_for = "10s", jitter = 0, half_open_calls = 1)]
async fn held(is_fine: bool) -> Answer<()> {
    yield_now().await;
    answer(is_fine)
}

#[test]
fn whoever_is_under_way_while_it_is_forced_says_nothing_of_what_comes_after() {
    let (tollgate, clock) = tollgate();
    let breaker = tollgate.breaker(site!(held)).unwrap();
    let under_way = || {
        let mut call = begin(&tollgate, held(false));
        assert!(call.poll().is_none());
        call
    };
    let mut before = under_way();
    breaker.force_open();
    assert!(is_refused(at_once(&tollgate, held(true))));
    assert_eq!(before.poll(), Some(Err(Error::Away)));
    breaker.force_closed();
    let mut forced = under_way();
    assert_eq!(under_way().poll(), Some(Err(Error::Away)));
    breaker.automatic();
    assert_eq!(forced.poll(), Some(Err(Error::Away)));
    assert_eq!(breaker.state(), BreakerState::Closed, "failures of before count for nothing");
    let mut trial = {
        assert_eq!(under_way().poll(), Some(Err(Error::Away)));
        assert_eq!(breaker.state(), BreakerState::Open);
        clock.advance(seconds(10));
        under_way()
    };
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    breaker.reset();
    assert_eq!(trial.poll(), Some(Err(Error::Away)));
    assert_eq!(breaker.state(), BreakerState::Closed, "a trial of before counts for nothing");
    assert!(clock.now() > Moment::ORIGIN);
}

#[test]
fn sizes_of_nothing_are_refused_with_their_keys() {
    for (keys, named) in [
        ("minimum_calls = 0", "minimum_calls"),
        ("open_for = \"0s\"", "open_for"),
        ("half_open_calls = 0", "half_open_calls"),
        ("failure_rate = 0.0", "failure_rate"),
        ("failure_rate = 1.5", "failure_rate"),
        ("jitter = 1.0", "jitter"),
        ("half_open_wait = \"0s\"", "half_open_wait"),
        ("window = \"0s\"", "window"),
    ] {
        let text = format!("[sites.\"{}\".circuit_breaker]\n{keys}\n", site!(by_time));
        let Err(error) = Tollgate::builder().config(text).build() else { panic!("{keys} is taken") };
        let error = error.to_string();
        assert!(error.contains(".config(..):2") && error.contains(named), "{error}");
    }
}
