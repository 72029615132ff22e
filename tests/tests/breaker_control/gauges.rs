//! How breakers and bulkheads stand, for whoever scrapes.

use std::task::{Context, Waker};

use http::HeaderMap;
use http_body_util::BodyExt;
use tollgate::{Tollgate, call};

use crate::support::{Failed, TEN, call, call_by, tollgate};

#[call::with_metrics(name = "measured")]
#[call::retry(attempts = 2, backoff = "1ms..1ms")]
#[call::bulkhead(max_concurrent = 1, queue = 1, wait = "1s")]
async fn measured() -> Result<(), Failed> {
    std::future::pending().await
}

async fn value(tollgate: &Tollgate, series: &str) -> Option<String> {
    let body = tollgate.metrics_handler()(HeaderMap::new()).await.into_body();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().into()).unwrap();
    text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ').map(str::to_owned))
}

#[tokio::test]
async fn all_are_there_from_the_start() {
    let (tollgate, _clock) = tollgate();
    for (series, expected) in [
        ("tollgate_breaker_state{site=\"called\"}", "0"),
        ("tollgate_breaker_state{site=\"handled\"}", "0"),
        ("tollgate_breaker_open_keys{site=\"keyed\"}", "0"),
        ("tollgate_bulkhead_running{site=\"measured\"}", "0"),
        ("tollgate_bulkhead_queued{site=\"measured\"}", "0"),
        ("tollgate_call_duration_seconds_count{site=\"measured\"}", "0"),
    ] {
        assert_eq!(value(&tollgate, series).await.as_deref(), Some(expected), "{series}");
    }
    let budget = value(&tollgate, "tollgate_retry_budget{site=\"measured\"}").await;
    assert_eq!(budget.and_then(|left| left.parse::<f64>().ok()), Some(10.0));
}

#[tokio::test]
async fn states_and_open_keys_are_those_of_now() {
    let (tollgate, clock) = tollgate();
    let state = "tollgate_breaker_state{site=\"called\"}";
    call(&tollgate, false).await;
    assert_eq!(value(&tollgate, state).await.as_deref(), Some("2"));
    clock.advance(TEN);
    call(&tollgate, true).await;
    assert_eq!(value(&tollgate, state).await.as_deref(), Some("0"));
    tollgate.breaker("called").unwrap().force_closed();
    assert_eq!(value(&tollgate, state).await.as_deref(), Some("4"));
    call_by(&tollgate, "a", false).await;
    call_by(&tollgate, "b", true).await;
    assert_eq!(value(&tollgate, "tollgate_breaker_open_keys{site=\"keyed\"}").await.as_deref(), Some("1"));
}

#[tokio::test]
async fn those_who_run_and_wait_are_counted_until_they_leave() {
    let (tollgate, _clock) = tollgate();
    let mut calls = [Box::pin(tollgate.scope(measured())), Box::pin(tollgate.scope(measured()))];
    for call in &mut calls {
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    let (running, queued) =
        ("tollgate_bulkhead_running{site=\"measured\"}", "tollgate_bulkhead_queued{site=\"measured\"}");
    assert_eq!(value(&tollgate, running).await.as_deref(), Some("1"));
    assert_eq!(value(&tollgate, queued).await.as_deref(), Some("1"));
    drop(calls);
    assert_eq!(value(&tollgate, running).await.as_deref(), Some("0"));
    assert_eq!(value(&tollgate, queued).await.as_deref(), Some("0"));
}
