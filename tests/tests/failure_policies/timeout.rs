//! An answer in time, or a 504.

use std::time::Duration;

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use tollgate::{Policy, Tollgate, timeout};
use tollgate_tests::site;

use crate::support::{Does, Upstream, ask, asking, poll, refusal, service, status_of, told, with};

#[timeout("2s")]
async fn timed(State(upstream): State<Upstream>) -> Response {
    upstream.ask().await
}

#[tokio::test]
async fn an_answer_in_time_goes_out_as_it_is() {
    let upstream = Upstream::new(Does::Says(404));
    let service = service(&upstream, get(timed));
    assert_eq!(ask(&service).await, refusal(404, "", ""));
    assert_eq!(service.counts(site!(timed)), "timeout completed 1");
    assert_eq!(service.clock.waiting(), 0, "nobody waits for the clock");
}

#[tokio::test]
async fn what_takes_longer_is_given_up() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(timed));
    let mut late = {
        let service = service.clone();
        Box::pin(async move { told(&service.get("/").await) })
    };
    let mut poll_late = || {
        let context = &mut std::task::Context::from_waker(std::task::Waker::noop());
        match late.as_mut().poll(context) {
            std::task::Poll::Ready(told) => Some(told),
            std::task::Poll::Pending => None,
        }
    };
    assert_eq!(poll_late(), None);
    service.clock.advance(Duration::from_millis(1_999));
    assert_eq!(poll_late(), None);
    service.clock.advance(Duration::from_millis(1));
    assert_eq!(poll_late(), Some(refusal(504, "timed_out", "")));
    assert_eq!(service.counts(site!(timed)), "timeout timed_out 1");
    assert_eq!(service.clock.waiting(), 0);
}

#[tokio::test]
async fn a_client_that_goes_away_and_a_panic_are_neither() {
    let upstream = Upstream::new(Does::Hangs);
    let service = service(&upstream, get(timed));
    let mut gone = asking(&service);
    assert!(poll(&mut gone).is_pending());
    assert_eq!(service.clock.waiting(), 1);
    drop(gone);
    upstream.now(Does::Panics);
    assert!(tokio::spawn(asking(&service)).await.unwrap_err().is_panic());
    assert_eq!((service.counts(site!(timed)), service.clock.waiting()), (String::new(), 0));
}

#[tokio::test]
async fn it_can_be_switched_off() {
    let upstream = Upstream::new(Does::Hangs);
    let service = with(Tollgate::builder().disable(Policy::Timeout), &upstream, get(timed));
    let mut late = asking(&service);
    assert!(poll(&mut late).is_pending());
    service.clock.advance(Duration::from_secs(3));
    assert_eq!(status_of(&mut late), None);
}
