//! What a request may ask of a cache: RFC 9111, section 5.2.1.

use std::time::Duration;

use http::{Method, StatusCode};
use tollgate_tests::request;

use crate::support::{Script, answer, counts, get_with, is_hit, service};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn no_cache_has_it_made_anew_for_everybody() {
    let script = Script::counting();
    let service = service(&script);
    let no_cache = || get_with("/plain", &[("cache-control", "no-cache")]);
    assert_eq!(service.send(no_cache()).await.body, "1");
    assert_eq!(service.get("/plain").await.body, "1");
    assert_eq!(service.send(no_cache()).await.body, "2");
    assert_eq!(service.get("/plain").await.body, "2");
    let pragma = service.send(get_with("/plain", &[("pragma", "no-cache")])).await;
    assert_eq!((pragma.body.as_str(), pragma.field("cache-status")), ("3", "tollgate; fwd=request; stored"));
}

#[tokio::test]
async fn no_store_keeps_nothing_of_this_request() {
    let script = Script::counting();
    let service = service(&script);
    let no_store = service.send(get_with("/plain", &[("cache-control", "no-store")])).await;
    assert_eq!(no_store.field("cache-status"), "tollgate; fwd=request");
    assert_eq!(service.get("/plain").await.body, "2");
    let kept = service.send(get_with("/plain", &[("cache-control", "no-store")])).await;
    assert_eq!(kept.body, "2", "it does not forbid what was kept before");
}

#[tokio::test]
async fn max_age_wants_nothing_older() {
    let script = Script::counting();
    let service = service(&script);
    service.get("/plain").await;
    service.clock.advance(SECOND * 5);
    let of_age = |age: &str| get_with("/plain", &[("cache-control", &format!("max-age={age}"))]);
    assert_eq!(service.send(of_age("5")).await.body, "1");
    assert_eq!(service.send(of_age("4")).await.body, "2");
    assert_eq!(service.send(of_age("0")).await.body, "3");
    assert_eq!(service.get("/plain").await.body, "3");
}

#[tokio::test]
async fn min_fresh_wants_something_that_stays_fresh_for_so_long() {
    let script = Script::counting();
    let service = service(&script);
    service.get("/plain").await;
    service.clock.advance(SECOND * 5);
    let fresh_for = |time: &str| get_with("/plain", &[("cache-control", &format!("min-fresh={time}"))]);
    assert_eq!(service.send(fresh_for("5")).await.body, "1");
    assert_eq!(service.send(fresh_for("6")).await.body, "2");
}

#[tokio::test]
async fn max_stale_takes_what_is_stale_by_less() {
    for (said, by, is_taken) in
        [("max-stale=5", 4, true), ("max-stale=5", 5, false), ("max-stale", 500, true)]
    {
        let script = Script::counting();
        let service = service(&script);
        service.get("/stale").await;
        service.clock.advance(SECOND * (30 + by));
        let answer = service.send(get_with("/stale", &[("cache-control", said)])).await;
        // The first 20 seconds of staleness are for everybody.
        let is_taken = is_taken && by != 4;
        assert_eq!(is_hit(&answer), is_taken, "{said} at {by}");
    }
}

#[tokio::test]
async fn max_stale_does_not_overrule_an_answer_that_must_be_asked_about() {
    for said in ["max-age=10, must-revalidate", "s-maxage=10", "max-age=10, proxy-revalidate"] {
        let script =
            Script::new(move |run, _| answer(StatusCode::OK, &[("cache-control", said)], &run.to_string()));
        let service = service(&script);
        service.get("/said").await;
        service.clock.advance(SECOND * 11);
        let answer = service.send(get_with("/said", &[("cache-control", "max-stale")])).await;
        assert_eq!(answer.body, "2", "{said}");
    }
}

#[tokio::test]
async fn only_if_cached_never_runs_the_function() {
    let script = Script::counting();
    let service = service(&script);
    let only = || get_with("/plain", &[("cache-control", "only-if-cached")]);
    let nothing = service.send(only()).await;
    assert_eq!(nothing.status, StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(nothing.field("content-type"), "application/problem+json");
    assert_eq!(script.runs(), 0);
    service.get("/plain").await;
    assert_eq!(service.send(only()).await.body, "1");
}

#[tokio::test]
async fn directives_that_are_broken_do_no_harm() {
    for said in [
        "",
        ",",
        "max-age",
        "max-age=",
        "max-age=-1",
        "max-age=99999999999999999999",
        "min-fresh=x",
        "max-stale=\"",
        "=",
        ";;;",
        "no-cache=\"x",
        "only-if-cached=1",
        "\u{e9}",
    ] {
        let service = service(&Script::counting());
        service.get("/plain").await;
        let status = service.send(get_with("/plain", &[("cache-control", said)])).await.status;
        assert_eq!(status, 200, "{said}");
    }
}

#[tokio::test]
async fn other_methods_are_neither_answered_from_the_cache_nor_kept() {
    let script = Script::counting();
    let service = service(&script);
    assert_eq!(service.get("/plain").await.body, "1");
    for (number, method) in
        [Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE]
            .into_iter()
            .enumerate()
    {
        let answer = service.send(request(method, "/plain")).await;
        assert_eq!(answer.body, (number + 2).to_string());
        assert_eq!(answer.field("cache-status"), "");
    }
    assert_eq!(service.get("/plain").await.body, "1");
    assert_eq!(counts(&service, "plain"), "cached hit 1, miss 1");
}

#[tokio::test]
async fn head_is_answered_from_a_get_and_never_the_other_way_round() {
    let script = Script::counting();
    let service = service(&script);
    let head = || request(Method::HEAD, "/plain");
    assert_eq!(service.send(head()).await.body, "");
    assert_eq!(service.get("/plain").await.body, "2", "what answered HEAD was not kept");
    let kept = service.send(head()).await;
    assert_eq!((kept.body.as_str(), kept.field("content-length")), ("", "1"));
    assert_eq!(kept.field("cache-status"), "tollgate; hit; ttl=10");
    assert_eq!(kept.field("etag"), service.get("/plain").await.field("etag"));
    assert_eq!(script.runs(), 2);
}
