//! What is kept goes once something has changed.

use tokio::sync::Semaphore;
use tollgate::call;
use tollgate_tests::{counts, site};

use super::run;
use crate::support::{Polled, tollgate};

#[call::cached(ttl = "5m", tags = ["airports", "airport:{iata}"])]
async fn airport(iata: &str) -> u32 {
    let _ = iata;
    run!()
}

#[call::cached(ttl = "5m", key = "runways:{iata}", name = "invalidates::runways")]
async fn runways(iata: &str) -> u32 {
    let _ = iata;
    run!()
}

#[call::invalidates(tags = ["airport:{iata}"])]
async fn rename(iata: &str, ok: bool) -> Result<(), String> {
    let _ = iata;
    if ok { Ok(()) } else { Err("no".to_owned()) }
}

#[call::invalidates(tags = ["airports"])]
async fn rename_all(some: bool) -> Option<()> {
    some.then_some(())
}

#[call::invalidates(tags = ["airports"])]
async fn rename_all_by(some: Result<Option<u8>, u8>) -> Result<Option<u8>, u8> {
    some
}

#[call::invalidates(keys = ["runways:{iata}"])]
async fn repave(iata: &str) {
    let _ = iata;
}

#[call::invalidates(site = "invalidates::runways")]
async fn repave_all() -> impl Copy {}

/// Whether each of two airports and the runways of two is still kept.
macro_rules! kept {
    ($($call:expr => $runs:expr),* $(,)?) => { $(assert_eq!($call.await, $runs, "{}", stringify!($call));)* };
}

#[tokio::test]
async fn a_success_throws_away_what_it_names_and_nothing_else() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            kept! { airport("CDG") => 1, airport("ORY") => 2, runways("CDG") => 1, runways("ORY") => 2 };
            assert_eq!(rename("CDG", false).await, Err("no".to_owned()));
            kept! { airport("CDG") => 1, airport("ORY") => 2 };
            assert_eq!(rename("CDG", true).await, Ok(()));
            kept! { airport("CDG") => 3, airport("ORY") => 2, runways("CDG") => 1 };
            assert_eq!(rename_all(false).await, None);
            assert_eq!(rename_all_by(Ok(None)).await, Ok(None));
            assert_eq!(rename_all_by(Err(1)).await, Err(1));
            kept! { airport("CDG") => 3, airport("ORY") => 2 };
            assert_eq!(rename_all(true).await, Some(()));
            kept! { airport("CDG") => 4, airport("ORY") => 5 };
            assert_eq!(rename_all_by(Ok(Some(1))).await, Ok(Some(1)));
            kept! { airport("CDG") => 6, airport("ORY") => 7 };
            repave("CDG").await;
            kept! { runways("CDG") => 3, runways("ORY") => 2, airport("CDG") => 6 };
            let _ = repave_all().await;
            kept! { runways("CDG") => 4, runways("ORY") => 5, airport("CDG") => 6 };
        })
        .await;
    assert_eq!(counts(&tollgate, site!(rename)), "invalidates invalidated 1");
}

#[call::invalidates(tags = ["airport:{iata}"])]
async fn rename_and_wait(iata: &str) -> Result<(), String> {
    let _ = iata;
    std::future::pending().await
}

#[call::invalidates(tags = ["airport:{iata}"])]
async fn rename_and_panic(iata: &str) {
    panic!("{iata}, on purpose");
}

#[tokio::test]
async fn a_call_that_is_dropped_or_panics_throws_away_what_it_may_have_changed() {
    #[call::cached(ttl = "5m", tags = ["airport:{iata}"])]
    async fn left(iata: &str) -> u32 {
        let _ = iata;
        run!()
    }
    let (tollgate, _clock) = tollgate();
    let left = async || tollgate.scope(left("CDG")).await;
    assert_eq!(left().await, 1);
    let mut waiting = Polled::new(tollgate.scope(rename_and_wait("CDG")));
    assert_eq!(waiting.poll(), None);
    assert_eq!(left().await, 1, "nothing goes while it is under way");
    drop(waiting);
    assert_eq!(left().await, 2);
    let scope = tollgate.clone();
    let panicked = tokio::spawn(async move { scope.scope(rename_and_panic("CDG")).await }).await;
    assert!(panicked.is_err());
    assert_eq!(left().await, 3);
    assert_eq!(counts(&tollgate, site!(rename_and_wait)), "invalidates invalidated 1");
}

static GATE: Semaphore = Semaphore::const_new(0);

#[call::cached(ttl = "5m", tags = ["slow"])]
async fn slow(key: &str) -> u32 {
    let _ = key;
    let number = run!();
    let _permit = GATE.acquire().await;
    number
}

#[call::invalidates(tags = ["slow"])]
async fn changes() {}

#[test]
fn what_is_thrown_away_while_it_is_made_is_made_again() {
    let (tollgate, _clock) = tollgate();
    let mut before = Polled::new(tollgate.scope(slow("a")));
    assert_eq!(before.poll(), None);
    assert_eq!(Polled::new(tollgate.scope(changes())).poll(), Some(()));
    let mut after = Polled::new(tollgate.scope(slow("a")));
    assert_eq!(after.poll(), None, "it does not wait for what is old already");
    GATE.add_permits(2);
    assert_eq!(after.poll(), Some(2));
    assert_eq!(before.poll(), Some(1));
    assert_eq!(Polled::new(tollgate.scope(slow("a"))).poll(), Some(2), "the old one is not kept");
}
