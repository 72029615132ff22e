//! Changes of breakers: for those who wait for them, for observers, for the log.

use std::sync::{Arc, Mutex};

use tollgate::{Observer, Tollgate, Transition};
use tollgate_tests::events::{heard, listen};

use crate::support::{TEN, call, tollgate, with};

#[derive(Clone, Default)]
struct Ear(Arc<Mutex<Vec<String>>>);

impl Observer for Ear {
    fn transitioned(&self, transition: &Transition) {
        self.0.lock().unwrap().push(line(transition));
    }
}

fn line(Transition { site, from, to, why, .. }: &Transition) -> String {
    format!("{site} {from} {to} {}", why.as_str())
}

const CHANGES: [&str; 4] = [
    "called closed open failures",
    "called open half_open time_over",
    "called half_open closed recovered",
    "called closed forced_open mode",
];

#[tokio::test]
async fn each_change_is_told_once_and_in_order() {
    listen();
    let ear = Ear::default();
    let (tollgate, clock) = with(Tollgate::builder().observer(ear.clone()));
    let mut changes = tollgate.breaker_events();
    call(&tollgate, false).await;
    for _ in 0..5 {
        assert_eq!(call(&tollgate, true).await, "refused");
    }
    clock.advance(TEN);
    assert_eq!(call(&tollgate, true).await, "ok");
    for _ in 0..2 {
        tollgate.breaker("called").unwrap().force_open();
    }
    drop(tollgate);
    let mut told = Vec::new();
    while let Some(change) = changes.next().await {
        told.push(line(&change));
    }
    assert_eq!(told, CHANGES);
    assert_eq!(*ear.0.lock().unwrap(), CHANGES);
    assert_eq!(changes.missed(), 0);
    let logged = heard().into_iter().filter(|line| line.contains("tollgate::breaker:")).count();
    assert_eq!(logged, CHANGES.len(), "{:?}", heard());
}

#[tokio::test]
async fn whoever_is_slow_hears_how_many_were_missed() {
    let (tollgate, _clock) = tollgate();
    let mut changes = tollgate.breaker_events();
    let breaker = tollgate.breaker("called").unwrap();
    for _ in 0..150 {
        breaker.force_open();
        breaker.automatic();
    }
    drop((breaker, tollgate));
    let mut told = 0;
    while changes.next().await.is_some() {
        told += 1;
    }
    assert_eq!((told, changes.missed()), (256, 44));
}
