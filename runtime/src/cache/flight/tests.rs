//! Flights alone: who leads, who waits, and what is left behind.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;

const PLAN: Plan = Plan { born: 0, is_new: false, is_background: false, since: Moment::ORIGIN };

fn key(text: &str) -> Arc<[u8]> {
    text.as_bytes().into()
}

fn board(flights: &Arc<Flights<u32>>, text: &str) -> Boarding<u32> {
    flights.board(&key(text), PLAN, |_| true)
}

fn lead(flights: &Arc<Flights<u32>>, text: &str) -> (Run<u32>, Seat<u32>) {
    let Boarding::Lead(run, seat) = board(flights, text) else { panic!("somebody else leads") };
    (run, seat)
}

fn join(flights: &Arc<Flights<u32>>, text: &str) -> Seat<u32> {
    let Boarding::Join(seat) = board(flights, text) else { panic!("nobody leads") };
    seat
}

fn landed(seat: &Seat<u32>) -> Poll<Option<u32>> {
    pin!(seat.landed()).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn the_first_leads_and_the_others_get_what_it_brings() {
    let flights = Arc::new(Flights::new());
    let (run, first) = lead(&flights, "a");
    let second = join(&flights, "a");
    let (other, _) = lead(&flights, "b");
    assert!(landed(&second).is_pending());
    run.land(7);
    assert_eq!((landed(&first), landed(&second)), (Poll::Ready(Some(7)), Poll::Ready(Some(7))));
    assert_eq!(flights.len(), 1, "the other one");
    drop(other);
    assert_eq!(flights.len(), 0);
}

#[test]
fn those_who_wait_hear_that_the_leader_is_gone_and_one_of_them_leads() {
    let flights = Arc::new(Flights::new());
    let (run, first) = lead(&flights, "a");
    let second = join(&flights, "a");
    drop(first);
    assert!(landed(&second).is_pending(), "the work goes on");
    drop(run);
    assert_eq!(landed(&second), Poll::Ready(None));
    let (_run, _seat) = lead(&flights, "a");
}

#[test]
fn what_is_not_to_be_joined_is_replaced_and_lands_for_its_own() {
    let flights = Arc::new(Flights::new());
    let (old, waits) = lead(&flights, "a");
    let Boarding::Lead(new, _seat) = flights.board(&key("a"), PLAN, |_| false) else { panic!("joined") };
    old.land(1);
    assert_eq!(landed(&waits), Poll::Ready(Some(1)));
    let late = join(&flights, "a");
    assert!(landed(&late).is_pending(), "the old one did not clear the new one away");
    new.land(2);
    assert_eq!(landed(&late), Poll::Ready(Some(2)));
    assert_eq!(flights.len(), 0);
}

#[test]
fn one_in_the_background_departs_once_and_is_joined() {
    let flights = Arc::new(Flights::new());
    let plan = Plan { is_background: true, ..PLAN };
    let run = flights.depart(&key("a"), plan, |_| true).unwrap();
    assert!(flights.depart(&key("a"), plan, |_| true).is_none());
    drop(join(&flights, "a"));
    assert_eq!(flights.len(), 1, "nobody waits, and it goes on");
    run.land(1);
    assert_eq!(flights.len(), 0);
}

#[test]
fn work_that_wants_itself_does_not_wait() {
    let flights = Arc::new(Flights::new());
    let (run, _seat) = lead(&flights, "a");
    let inner = Arc::clone(&flights);
    let work = run.aboard(async move { matches!(board(&inner, "a"), Boarding::Alone) });
    assert_eq!(pin!(work).poll(&mut Context::from_waker(Waker::noop())), Poll::Ready(true));
}

#[test]
fn two_that_want_each_other_do_not_both_wait() {
    let flights = Arc::new(Flights::new());
    let ((first, _a), (second, _b)) = (lead(&flights, "a"), lead(&flights, "b"));
    let mut cx = Context::from_waker(Waker::noop());
    let inner = Arc::clone(&flights);
    let mut first = pin!(first.aboard(async move { join(&inner, "b").landed().await }));
    assert!(first.as_mut().poll(&mut cx).is_pending());
    let inner = Arc::clone(&flights);
    let second = pin!(second.aboard(async move { matches!(board(&inner, "a"), Boarding::Alone) }));
    assert_eq!(second.poll(&mut cx), Poll::Ready(true));
}

#[tokio::test]
async fn the_last_who_leaves_stops_the_work() {
    let flights = Arc::new(Flights::new());
    let (run, first) = lead(&flights, "a");
    let second = join(&flights, "a");
    let task = tokio::spawn(async move {
        std::future::pending::<()>().await;
        run.land(1);
    });
    first.goes_on_in(task.abort_handle());
    drop(first);
    assert_eq!(flights.len(), 1);
    drop(second);
    assert_eq!(flights.len(), 0);
    assert!(task.await.unwrap_err().is_cancelled());
}
