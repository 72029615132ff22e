//! How long an answer is kept.

use std::time::Duration;

use http::StatusCode;

use crate::support::{Script, answer, counts, get_with, is_hit, service};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test]
async fn an_answer_is_kept_for_its_ttl_and_made_anew_after_it() {
    let script = Script::counting();
    let service = service(&script);
    assert_eq!(service.get("/plain").await.body, "1");
    assert_eq!(service.get("/plain").await.body, "1");
    service.clock.advance(SECOND * 11);
    assert_eq!(service.get("/plain").await.body, "2");
    assert_eq!(service.get("/plain").await.body, "2");
    assert_eq!(counts(&service, "plain"), "cached hit 2, miss 2");
}

#[tokio::test]
async fn the_ttl_counts_from_when_the_answer_is_complete() {
    let clock = tollgate::testing::ManualClock::new();
    let script = Script::new({
        let clock = clock.clone();
        move |run, _| {
            clock.advance(SECOND * 10);
            run.to_string()
        }
    });
    let service = tollgate_tests::Service::with_clock(
        tollgate::Tollgate::builder(),
        crate::support::router(&script),
        clock,
    );
    assert_eq!(service.get("/plain").await.body, "1");
    assert_eq!(service.get("/plain").await.body, "1", "it took as long as it is kept");
}

#[tokio::test]
async fn age_grows_and_what_is_left_shrinks() {
    let service = service(&Script::counting());
    let first = service.get("/plain").await;
    assert_eq!((first.field("age"), first.field("cache-control")), ("", "private, max-age=10"));
    service.clock.advance(SECOND * 4);
    let second = service.get("/plain").await;
    assert_eq!((second.field("age"), second.field("cache-status")), ("4", "tollgate; hit; ttl=6"));
}

#[tokio::test]
async fn without_an_explicit_time_nothing_is_kept_by_what_an_answer_says() {
    for fields in [
        &[][..],
        &[("last-modified", "Thu, 01 Jan 2015 00:00:00 GMT")],
        &[("cache-control", "public")],
        &[("cache-control", "max-age=\"ten\"")],
        &[("cache-control", "max-age =10")],
        &[("expires", "0")],
        &[("expires", "soon"), ("cache-control", "public")],
    ] {
        let fields: &'static [_] = fields.to_vec().leak();
        let script = Script::with_fields(fields);
        let service = service(&script);
        service.get("/said").await;
        service.get("/said").await;
        assert_eq!(script.runs(), 2, "{fields:?}");
    }
}

#[tokio::test]
async fn what_an_answer_says_of_its_time_counts() {
    let cases: [(&[(&str, &str)], u64); 8] = [
        (&[("cache-control", "max-age=10")], 10),
        (&[("cache-control", ",,,,max-age=  10      ,")], 0),
        (&[("cache-control", "max-age=\"10\"")], 10),
        (&[("cache-control", "s-maxage=5, max-age=10")], 5),
        (&[("cache-control", "max-age=10"), ("age", "4")], 6),
        (&[("cache-control", "max-age=10"), ("age", "old")], 10),
        (&[("date", "Thu, 01 Jan 2026 00:00:00 GMT"), ("expires", "Thu, 01 Jan 2026 00:00:10 GMT")], 10),
        (&[("cache-control", "max-age=5"), ("expires", "Thu, 01 Jan 2026 00:00:10 GMT")], 5),
    ];
    for (fields, seconds) in cases {
        let fields: &'static [_] = fields.to_vec().leak();
        let script = Script::with_fields(fields);
        let service = service(&script);
        service.get("/said").await;
        if seconds > 0 {
            service.clock.advance(SECOND * (u32::try_from(seconds).unwrap() - 1));
            assert!(is_hit(&service.get("/said").await), "{fields:?}");
            service.clock.advance(SECOND);
        }
        assert!(!is_hit(&service.get("/said").await), "{fields:?}");
    }
}

#[tokio::test]
async fn an_age_of_caches_further_away_goes_on() {
    let script = Script::with_fields(&[("cache-control", "max-age=100"), ("age", "50")]);
    let service = service(&script);
    service.get("/said").await;
    service.clock.advance(SECOND * 49);
    assert_eq!(service.get("/said").await.field("age"), "99");
    service.clock.advance(SECOND);
    assert!(!is_hit(&service.get("/said").await));
}

#[tokio::test]
async fn by_a_ttl_only_whole_answers_that_are_no_errors_are_kept() {
    for (status, is_kept) in [
        (200, true),
        (203, true),
        (204, true),
        (300, true),
        (301, true),
        (308, true),
        (201, false),
        (206, false),
        (302, false),
        (303, false),
        (304, false),
        (307, false),
        (400, false),
        (401, false),
        (404, false),
        (410, false),
        (412, false),
        (500, false),
        (503, false),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let script = Script::new(move |_, _| answer(status, &[], ""));
        let service = service(&script);
        for _ in 0..2 {
            assert_eq!(service.get("/plain").await.status, status);
        }
        assert_eq!(script.runs() == 1, is_kept, "{status}");
    }
}

#[tokio::test]
async fn by_what_it_says_an_answer_of_another_status_may_be_kept() {
    for (status, is_kept) in [(301, true), (404, true), (503, true), (412, false), (206, false)] {
        let status = StatusCode::from_u16(status).unwrap();
        let script = Script::new(move |_, _| answer(status, &[("cache-control", "max-age=10")], ""));
        let service = service(&script);
        service.get("/said").await;
        service.get("/said").await;
        assert_eq!(script.runs() == 1, is_kept, "{status}");
    }
}

#[tokio::test]
async fn an_answer_that_withholds_itself_is_not_kept_whatever_the_attribute_says() {
    for said in
        ["no-store", "no-cache", "max-age=60, no-store", "private", "No-Store", "pre-check=0, no-store"]
    {
        let script =
            Script::new(move |run, _| answer(StatusCode::OK, &[("cache-control", said)], &run.to_string()));
        let service = service(&script);
        for path in ["/plain", "/public", "/said"] {
            let before = script.runs();
            assert_eq!(service.get(path).await.field("cache-control"), said);
            service.get(path).await;
            assert_eq!(script.runs() - before, 2, "{said} {path}");
        }
    }
}

#[tokio::test]
async fn a_clock_that_steps_back_breaks_nothing() {
    let service = service(&Script::counting());
    service.clock.advance(SECOND * 100);
    service.get("/plain").await;
    service.clock.set(tollgate::Moment::ORIGIN);
    let second = service.send(get_with("/plain", &[])).await;
    assert_eq!((second.body.as_str(), second.field("age")), ("1", "0"));
}

#[tokio::test]
async fn what_one_client_does_too_often_or_leaves_out_is_never_kept() {
    for status in [428, 429, 431, 511] {
        let script = Script::new(move |_, _| {
            answer(StatusCode::from_u16(status).unwrap(), &[("cache-control", "public, max-age=60")], "")
        });
        let service = service(&script);
        for path in ["/said", "/said-public"] {
            service.get(path).await;
            assert!(!is_hit(&service.get(path).await), "{status} {path}");
        }
    }
}

#[tokio::test]
async fn a_quote_that_is_not_closed_may_hide_anything() {
    for line in ["x=\"a, no-store", "private=\"x-a, no-store", "max-age=\"9, no-store"] {
        let service =
            service(&Script::new(move |_, _| answer(StatusCode::OK, &[("cache-control", line)], "")));
        service.get("/public").await;
        assert!(!is_hit(&service.get("/public").await), "{line}");
    }
}
