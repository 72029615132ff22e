//! What is kept, how it is thrown away, and what metrics say of it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use http::{Method, StatusCode};
use tollgate::{Policy, Tollgate, TollgateBuilder, cached, call, invalidates};
use tollgate_tests::{Service, request};

/// How often the functions ran, all together: no two runs are alike, in whatever test.
fn run() -> u32 {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    RUNS.fetch_add(1, Ordering::Relaxed)
}

#[cached(ttl = "1m", tags = ["airport:{iata}", "airports"], name = "kept_airport")]
async fn airport(Path(iata): Path<String>) -> String {
    format!("{iata} {}", run())
}

#[cached(ttl = "1m", tags = ["airports"], name = "kept_list")]
async fn list() -> String {
    format!("all {}", run())
}

#[cached(ttl = "1m", key = "named {name}", name = "kept_keyed")]
async fn keyed(Path(name): Path<String>) -> String {
    format!("{name} {}", run())
}

#[call::cached(ttl = "1m", key = "{iata}", tags = ["airport:{iata}"], name = "kept_value")]
async fn value(iata: &str) -> u32 {
    let _ = iata;
    run()
}

async fn by_value(Path(iata): Path<String>) -> String {
    value(&iata).await.to_string()
}

#[invalidates(tags = ["airport:{iata}"], name = "kept_change")]
async fn change(Path(iata): Path<String>) -> StatusCode {
    if iata == "QQQ" { StatusCode::NOT_FOUND } else { StatusCode::NO_CONTENT }
}

pub(crate) fn router() -> Router {
    Router::new()
        .route("/airports", get(list))
        .route("/airports/{iata}", get(airport))
        .route("/airports/{iata}/change", post(change))
        .route("/keyed/{name}", get(keyed))
        .route("/values/{iata}", get(by_value))
}

fn service(settings: TollgateBuilder) -> Service {
    Service::with(settings, router())
}

/// The paths of everything that is kept.
pub(crate) const ALL: [&str; 5] =
    ["/airports", "/airports/CDG", "/airports/ORY", "/keyed/CDG", "/values/CDG"];

/// Which of them are made anew, from a state in which all of them are kept.
async fn gone_after(service: &Service, purge: impl AsyncFnOnce()) -> Vec<&'static str> {
    let mut before = Vec::new();
    for path in ALL {
        before.push(service.get(path).await.body);
        assert_eq!(service.get(path).await.body, before[before.len() - 1], "{path} is kept");
    }
    purge().await;
    let mut gone = Vec::new();
    for (path, body) in ALL.into_iter().zip(before) {
        if service.get(path).await.body != body {
            gone.push(path);
        }
    }
    gone
}

#[tokio::test]
async fn what_is_named_goes_and_nothing_else() {
    let service = service(Tollgate::builder());
    let cache = service.tollgate.cache();
    let gone = gone_after(&service, async || cache.invalidate_tag("airport:CDG").await.unwrap()).await;
    assert_eq!(gone, ["/airports/CDG", "/values/CDG"], "one tag throws away answers and values");
    let gone = gone_after(&service, async || cache.invalidate_tag("airports").await.unwrap()).await;
    assert_eq!(gone, ["/airports", "/airports/CDG", "/airports/ORY"]);
    let gone = gone_after(&service, async || cache.invalidate_tag("airport*").await.unwrap()).await;
    assert!(gone.is_empty(), "a tag is no pattern: {gone:?}");
    let gone = gone_after(&service, async || cache.invalidate_site("kept_airport").await.unwrap()).await;
    assert_eq!(gone, ["/airports/CDG", "/airports/ORY"]);
    let gone = gone_after(&service, async || cache.invalidate_site("kept_value").await.unwrap()).await;
    assert_eq!(gone, ["/values/CDG"]);
    let gone = gone_after(&service, async || cache.invalidate_key("/airports/ORY").await.unwrap()).await;
    assert_eq!(gone, ["/airports/ORY"]);
    let gone = gone_after(&service, async || cache.invalidate_key("named CDG").await.unwrap()).await;
    assert_eq!(gone, ["/keyed/CDG"]);
    let gone = gone_after(&service, async || cache.invalidate_all().await.unwrap()).await;
    assert_eq!(gone, ALL);
}

#[tokio::test]
async fn a_change_that_succeeds_throws_away_and_one_that_fails_does_not() {
    let service = service(Tollgate::builder());
    let change = async |path: &str| {
        service.send(request(Method::POST, path)).await;
    };
    let gone = gone_after(&service, async || change("/airports/CDG/change").await).await;
    assert_eq!(gone, ["/airports/CDG", "/values/CDG"]);
    let gone = gone_after(&service, async || change("/airports/QQQ/change").await).await;
    assert!(gone.is_empty(), "{gone:?}");
    assert_eq!(service.counts("kept_change"), "invalidates invalidated 1");
}

#[tokio::test]
async fn names_that_no_cached_function_has_are_told_with_the_nearest() {
    let cache = service(Tollgate::builder()).tollgate.cache();
    let error = cache.invalidate_site("kept_airprot").await.unwrap_err();
    assert_eq!((error.nearest(), error.is_unknown_site()), (Some("kept_airport"), true));
    assert_eq!(error.to_string(), "no cached function has this name: did you mean `kept_airport`?");
    // It throws away, and keeps nothing itself.
    assert!(cache.invalidate_site("kept_change").await.unwrap_err().is_unknown_site());
}

/// The gauges of a scrape: entries of answers and values, bytes of both.
fn gauges(tollgate: &Tollgate) -> [u64; 4] {
    let answer = tollgate.metrics_handler()(http::HeaderMap::new()).into_inner();
    let body = futures_util::FutureExt::now_or_never(http_body_util::BodyExt::collect(answer.into_body()));
    let text = String::from_utf8(body.unwrap().unwrap().to_bytes().into()).unwrap();
    let samples: Vec<_> = text.lines().filter(|line| line.starts_with("tollgate_cache_")).collect();
    assert_eq!(samples.len(), 4, "{samples:?}");
    [
        "entries{cache=\"answers\"} ",
        "entries{cache=\"values\"} ",
        "bytes{cache=\"answers\"} ",
        "bytes{cache=\"values\"} ",
    ]
    .map(|name| samples.iter().find_map(|line| line.split_once(name)?.1.parse().ok()).unwrap())
}

#[tokio::test]
async fn gauges_tell_how_much_there_is() {
    let service = service(Tollgate::builder());
    assert_eq!(gauges(&service.tollgate), [0; 4]);
    for path in ALL.iter().chain(&ALL) {
        service.get(path).await;
    }
    let [answers, values, bytes_of_answers, bytes_of_values] = gauges(&service.tollgate);
    assert_eq!((answers, values), (4, 1));
    assert!((200..10_000).contains(&bytes_of_answers) && (8..1_000).contains(&bytes_of_values));
    let cache = service.tollgate.cache();
    assert_eq!((cache.entries(), cache.bytes()), (5, bytes_of_answers + bytes_of_values));
    cache.invalidate_all().await.unwrap();
    assert_eq!(gauges(&service.tollgate), [0; 4]);
}

#[tokio::test]
async fn counters_are_there_from_the_start_and_stay_when_everything_goes() {
    let service = service(Tollgate::builder());
    let all = |site: &str, policy: &str| -> Vec<_> {
        let decisions = service.tollgate.decisions();
        let own = decisions.into_iter().filter(|count| count.site == site && count.policy.contains(policy));
        own.map(|count| count.outcome.as_str()).collect()
    };
    let expected = ["hit", "miss", "stale", "collapsed", "refreshed", "bypassed", "store_failed"];
    assert_eq!(all("kept_airport", "cached"), expected);
    assert_eq!(all("kept_change", "invalidates"), ["invalidated", "store_failed"]);
    for outcome in ["hit", "miss", "stale", "collapsed", "store_failed"] {
        assert!(all("kept_value", "cached").contains(&outcome), "{outcome}");
    }
    for _ in 0..3 {
        service.get("/airports/CDG").await;
    }
    assert_eq!(service.counts("kept_airport"), "cached hit 2, miss 1");
    service.tollgate.cache().invalidate_all().await.unwrap();
    assert_eq!(service.counts("kept_airport"), "cached hit 2, miss 1");
    service.get("/airports/CDG").await;
    assert_eq!(service.counts("kept_airport"), "cached hit 2, miss 2");
}

#[tokio::test]
async fn what_is_served_after_its_time_is_no_hit() {
    let service = service(Tollgate::builder());
    service.get("/airports/CDG").await;
    service.clock.advance(Duration::from_secs(60));
    service.get("/airports/CDG").await;
    assert_eq!(service.counts("kept_airport"), "cached miss 2");
}

#[tokio::test]
async fn switched_off_it_keeps_nothing_and_sends_nothing() {
    let service = service(Tollgate::builder().disable(Policy::Cache).disable(Policy::Invalidate));
    for path in ALL {
        let (one, other) = (service.get(path).await, service.get(path).await);
        assert_ne!(one.body, other.body, "{path}");
        for field in ["cache-status", "age", "etag", "cache-control"] {
            assert_eq!(other.field(field), "", "{path}");
        }
    }
    service.send(request(Method::POST, "/airports/CDG/change")).await;
    assert_eq!((service.tollgate.cache().entries(), service.counts("kept_change")), (0, String::new()));
    assert_eq!(service.counts("kept_airport"), "");
}

#[tokio::test]
async fn memory_stays_within_its_bound() {
    let service = service(Tollgate::builder().cache_memory("64KiB"));
    for number in 0..2_000 {
        service.get(&format!("/keyed/{number}")).await;
    }
    let bytes = service.tollgate.cache().bytes();
    assert!(bytes <= 64 << 10, "{bytes}");
    assert!(service.tollgate.cache().entries() < 1_000);
}
