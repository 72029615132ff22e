//! Places and those who wait for them: in order, within bounds, and all of them free in the end.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use super::compartment::{Compartment, Full, Place, Terms};
use crate::testing::ManualClock;

const SECOND: u64 = 1_000_000_000;

fn terms(max_concurrent: u32, queue: u32) -> Terms {
    Terms { max_concurrent, queue, wait: if queue > 0 { SECOND } else { 0 } }
}

async fn enter<'a>(compartment: &'a Compartment, clock: &ManualClock) -> Result<Place<'a>, Full> {
    if let Some(place) = compartment.try_enter() {
        return Ok(place);
    }
    let queued = compartment.queue_up().ok_or(Full)?;
    compartment.wait(queued, clock).await
}

type Entering<'a> = Pin<Box<dyn Future<Output = Result<Place<'a>, Full>> + Send + 'a>>;

fn entering<'a>(compartment: &'a Compartment, clock: &'a ManualClock) -> Entering<'a> {
    Box::pin(enter(compartment, clock))
}

fn poll<F: Future + ?Sized>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn stand(compartment: &Compartment) -> (u64, u64) {
    (compartment.running(), compartment.queued())
}

#[test]
fn no_more_run_than_may_and_nobody_waits_where_there_is_no_queue() {
    let (compartment, clock) = (Compartment::new(terms(2, 0)), ManualClock::new());
    let places: Vec<_> = (0..3).map(|_| poll(pin!(enter(&compartment, &clock)))).collect();
    let is_full: Vec<_> = places.iter().map(|place| matches!(place, Poll::Ready(Err(Full)))).collect();
    assert_eq!((is_full, stand(&compartment)), (vec![false, false, true], (2, 0)));
    drop(places);
    assert_eq!(stand(&compartment), (0, 0));
}

#[test]
fn those_who_wait_are_served_in_the_order_of_arrival() {
    let (compartment, clock) = (Compartment::new(terms(1, 8)), ManualClock::new());
    let first = compartment.try_enter();
    let mut waiting: Vec<_> = (0..8).map(|_| entering(&compartment, &clock)).collect();
    for waiter in &mut waiting {
        assert!(poll(waiter.as_mut()).is_pending());
    }
    assert_eq!(stand(&compartment), (1, 8));
    drop(first);
    for turn in 0..waiting.len() {
        assert!(compartment.try_enter().is_none(), "nobody gets ahead of those who wait");
        let mut served = Vec::new();
        // Polled from behind: it is not the order of polling that decides.
        for place in (turn..waiting.len()).rev() {
            if let Poll::Ready(entered) = poll(waiting[place].as_mut()) {
                served.push(place);
                drop(entered.unwrap());
                break;
            }
        }
        assert_eq!(served, [turn]);
    }
    assert_eq!(stand(&compartment), (0, 0));
}

#[test]
fn the_queue_holds_so_many_and_a_place_in_it_is_free_again_at_once() {
    let (compartment, clock) = (Compartment::new(terms(1, 2)), ManualClock::new());
    let _first = compartment.try_enter();
    let (mut one, mut other) = (entering(&compartment, &clock), entering(&compartment, &clock));
    assert!(poll(one.as_mut()).is_pending() && poll(other.as_mut()).is_pending());
    assert!(matches!(poll(pin!(enter(&compartment, &clock))), Poll::Ready(Err(Full))));
    drop(one);
    assert!(poll(pin!(enter(&compartment, &clock))).is_pending());
    assert_eq!(stand(&compartment), (1, 1));
}

#[test]
fn nobody_waits_longer_than_that() {
    let (compartment, clock) = (Compartment::new(terms(1, 2)), ManualClock::new());
    let _first = compartment.try_enter();
    let mut waiter = entering(&compartment, &clock);
    assert!(poll(waiter.as_mut()).is_pending());
    clock.advance(Duration::from_nanos(SECOND - 1));
    assert!(poll(waiter.as_mut()).is_pending());
    clock.advance(Duration::from_nanos(1));
    assert!(matches!(poll(waiter.as_mut()), Poll::Ready(Err(Full))));
    assert_eq!((stand(&compartment), clock.waiting()), ((1, 0), 0));
}

#[test]
fn a_place_that_is_free_when_the_wait_is_over_is_taken() {
    let (compartment, clock) = (Compartment::new(terms(1, 2)), ManualClock::new());
    let first = compartment.try_enter();
    let mut waiter = entering(&compartment, &clock);
    assert!(poll(waiter.as_mut()).is_pending());
    clock.advance(Duration::from_secs(1));
    drop(first);
    assert!(matches!(poll(waiter.as_mut()), Poll::Ready(Ok(_))));
    drop(waiter);
    assert_eq!(stand(&compartment), (0, 0));
}

#[test]
fn numbers_change_while_it_is_in_use() {
    let (compartment, clock) = (Compartment::new(terms(3, 0)), ManualClock::new());
    let mut places: Vec<_> = (0..3).filter_map(|_| compartment.try_enter()).collect();
    compartment.follow(terms(1, 4));
    assert_eq!(stand(&compartment), (3, 0), "whoever runs goes on");
    let mut waiter = entering(&compartment, &clock);
    for running in [3, 2] {
        assert!(poll(waiter.as_mut()).is_pending(), "{running} run, and one may");
        drop(places.pop());
    }
    assert_eq!(stand(&compartment), (1, 1));
    drop(places);
    assert!(matches!(poll(waiter.as_mut()), Poll::Ready(Ok(_))));
    drop(waiter);
    compartment.follow(terms(5, 0));
    let places: Vec<_> = (0..9).filter_map(|_| compartment.try_enter()).collect();
    assert_eq!((places.len(), stand(&compartment)), (5, (5, 0)));
}

#[test]
fn a_place_more_serves_whoever_waits_and_fewer_are_made_up_for_by_more() {
    let (compartment, clock) = (Compartment::new(terms(4, 4)), ManualClock::new());
    let places: Vec<_> = (0..4).filter_map(|_| compartment.try_enter()).collect();
    compartment.follow(terms(2, 4));
    compartment.follow(terms(5, 4));
    let mut waiter = entering(&compartment, &clock);
    assert!(matches!(poll(waiter.as_mut()), Poll::Ready(Ok(_))), "a fifth place");
    drop((places, waiter));
    let places: Vec<_> = (0..9).filter_map(|_| compartment.try_enter()).collect();
    assert_eq!(places.len(), 5);
}

/// A sequence of numbers that look like chance, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}

#[test]
fn after_a_hundred_thousand_random_cancellations_all_places_are_free() {
    const PLACES: u32 = 4;
    let (compartment, clock) = (Compartment::new(terms(PLACES, 8)), ManualClock::new());
    let (mut waiting, mut running) = (Vec::<Entering<'_>>::new(), Vec::new());
    let (mut dice, mut cancelled) = (Dice(0x2545_f491_4f6c_dd1d), 0);
    while cancelled < 100_000 {
        match dice.below(6) {
            0 | 1 => {
                let mut entering = entering(&compartment, &clock);
                match poll(entering.as_mut()) {
                    Poll::Ready(Ok(place)) => running.push(place),
                    Poll::Ready(Err(Full)) => {}
                    Poll::Pending => waiting.push(entering),
                }
            }
            2 if !running.is_empty() => drop(running.swap_remove(dice.below(running.len()))),
            3 | 4 if !waiting.is_empty() => {
                drop(waiting.swap_remove(dice.below(waiting.len())));
                cancelled += 1;
            }
            5 if !waiting.is_empty() => {
                let place = dice.below(waiting.len());
                if let Poll::Ready(entered) = poll(waiting[place].as_mut()) {
                    running.extend(entered.ok());
                    drop(waiting.swap_remove(place));
                }
            }
            _ => {
                let places = 1 + u32::try_from(dice.below(PLACES as usize)).unwrap();
                compartment.follow(terms(places, 8));
            }
        }
        assert!(running.len() <= PLACES as usize && compartment.queued() <= 8);
        assert_eq!(compartment.queued(), waiting.len() as u64);
    }
    drop((waiting, running));
    compartment.follow(terms(PLACES, 8));
    assert_eq!((stand(&compartment), clock.waiting()), ((0, 0), 0));
    let places: Vec<_> = (0..9).filter_map(|_| compartment.try_enter()).collect();
    assert_eq!(places.len(), PLACES as usize);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_at_once_all_get_their_turn_and_never_more_than_may() {
    let compartment = Arc::new(Compartment::new(terms(16, 10_000)));
    let (clock, most, now) =
        (ManualClock::new(), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let calls = (0..10_000).map(|_| {
        let (compartment, clock, most, now) =
            (Arc::clone(&compartment), clock.clone(), Arc::clone(&most), Arc::clone(&now));
        tokio::spawn(async move {
            let place = enter(&compartment, &clock).await;
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            yield_now().await;
            now.fetch_sub(1, Ordering::SeqCst);
            place.is_ok()
        })
    });
    let calls: Vec<_> = calls.collect();
    for call in calls {
        assert!(call.await.unwrap());
    }
    assert!(most.load(Ordering::SeqCst) <= 16);
    assert_eq!((stand(&compartment), clock.waiting()), ((0, 0), 0));
}

async fn yield_now() {
    let mut has_yielded = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_yielded, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
