//! Handles: looking at what is kept, throwing it away, having it made anew.

use tollgate::call::{self, CacheHandle};

use super::run;
use crate::support::tollgate;

static AIRPORTS: CacheHandle<(String, Option<u8>), u32> = CacheHandle::new();

#[call::cached(ttl = "5m", control = AIRPORTS)]
async fn airport(iata: &str, terminal: Option<u8>) -> Result<u32, String> {
    let number = run!();
    if iata == "?" || number == 3 { Err(format!("{iata} {terminal:?}")) } else { Ok(number) }
}

mod controls {
    use super::CacheHandle;

    pub(super) static OF_METHODS: CacheHandle<(u8,), Option<u32>> = CacheHandle::new();
    pub(super) static BY_TEXT: CacheHandle<(String, String), u32> = CacheHandle::new();
    pub(super) static OF_NONE: CacheHandle<(), u32> = CacheHandle::new();
    pub(super) static UNUSED: CacheHandle<(u8,), u32> = CacheHandle::new();
}

struct Service;

impl Service {
    #[call::cached(ttl = "5m", skip(self), cache_none, control = controls::OF_METHODS)]
    async fn find(&self, id: u8) -> Result<Option<u32>, String> {
        let _ = run!();
        Ok((id > 0).then_some(u32::from(id)))
    }
}

#[call::cached(ttl = "5m", key = "{tenant}:{id}", control = controls::BY_TEXT)]
async fn by_text(tenant: String, id: u32) -> u32 {
    let _ = (tenant, id);
    run!()
}

#[call::cached(ttl = "5m", control = controls::OF_NONE)]
async fn of_none() -> u32 {
    run!()
}

#[tokio::test]
async fn a_handle_looks_at_what_is_kept_and_runs_nothing() {
    let (tollgate, clock) = tollgate();
    tollgate
        .scope(async {
            let key = ("CDG".to_owned(), Some(1));
            assert_eq!(AIRPORTS.peek(&key), None);
            assert_eq!(airport("CDG", Some(1)).await, Ok(1));
            assert_eq!(AIRPORTS.peek(&key), Some(1));
            assert_eq!(AIRPORTS.peek(&("CDG".to_owned(), None)), None);
            // Forced to be made anew: the next run succeeds, the one after fails, and what was kept stays.
            assert_eq!(AIRPORTS.refresh(airport("CDG", Some(1))).await, Ok(2));
            assert_eq!(AIRPORTS.peek(&key), Some(2));
            assert_eq!(AIRPORTS.refresh(airport("CDG", Some(1))).await, Err("CDG Some(1)".to_owned()));
            assert_eq!(AIRPORTS.peek(&key), Some(2));
            assert_eq!(airport("CDG", Some(1)).await, Ok(2));
            AIRPORTS.invalidate(&key).await;
            assert_eq!(AIRPORTS.peek(&key), None);
            assert_eq!(airport("CDG", Some(1)).await, Ok(4));
            assert_eq!(airport("ORY", None).await, Ok(5));
            AIRPORTS.invalidate(&key).await;
            assert_eq!(AIRPORTS.peek(&("ORY".to_owned(), None)), Some(5), "the others stay");
            AIRPORTS.invalidate_all().await;
            assert_eq!(AIRPORTS.peek(&("ORY".to_owned(), None)), None);
            assert_eq!(airport("ORY", None).await, Ok(6));
            clock.advance(std::time::Duration::from_secs(300));
            assert_eq!(AIRPORTS.peek(&("ORY".to_owned(), None)), None, "it is stale");
        })
        .await;
}

#[tokio::test]
async fn methods_written_keys_and_functions_without_arguments_have_handles_too() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(Service.find(0).await, Ok(None));
            assert_eq!(controls::OF_METHODS.peek(&(0,)), Some(None));
            assert_eq!(controls::OF_METHODS.peek(&(1,)), None);
            let key = ("a".to_owned(), "7".to_owned());
            assert_eq!(controls::BY_TEXT.refresh(by_text("a".to_owned(), 7)).await, 1);
            assert_eq!(controls::BY_TEXT.peek(&key), Some(1));
            assert_eq!(by_text("a".to_owned(), 7).await, 1);
            controls::BY_TEXT.invalidate(&key).await;
            assert_eq!(by_text("a".to_owned(), 7).await, 2);
            let kept = of_none().await;
            assert_eq!(controls::OF_NONE.peek(&()), Some(kept));
            let renewed = controls::OF_NONE.refresh(of_none()).await;
            assert_ne!(renewed, kept);
            assert_eq!(of_none().await, renewed);
        })
        .await;
}

#[tokio::test]
async fn only_the_first_call_is_made_anew() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            let before = of_none().await;
            let both = async { (of_none().await, of_none().await) };
            let (first, second) = controls::OF_NONE.refresh(both).await;
            assert_ne!(first, before);
            assert_eq!(first, second);
        })
        .await;
}

#[tokio::test]
async fn a_handle_of_no_function_knows_nothing() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert_eq!(controls::UNUSED.peek(&(1,)), None);
            assert_eq!(controls::UNUSED.refresh(async { 7 }).await, 7);
            controls::UNUSED.invalidate(&(1,)).await;
        })
        .await;
}
