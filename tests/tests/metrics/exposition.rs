//! The exact text of a scrape, in both formats.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use http::header::{CONTENT_TYPE, VARY};
use http::{Method, StatusCode};
use tollgate::testing::{Client, ManualClock};
use tollgate::{Tollgate, rate_limited, with_metrics};
use tollgate_tests::{Service, site};

use crate::support::{OPEN_METRICS, requests, scrape, text};

#[with_metrics]
#[rate_limited("2/minute", key = global)]
async fn airport(Path(iata): Path<String>, State(clock): State<ManualClock>) -> String {
    clock.advance(Duration::from_millis(30));
    iata
}

fn airports() -> Service {
    let clock = ManualClock::new();
    let router = Router::new().route("/airports/{iata}", get(airport)).with_state(clock.clone());
    Service::with_clock(Tollgate::builder(), router, clock)
}

/// A scrape, with the sites of this module alone; within a metric in the order of labels, which is otherwise free.
fn own(exposition: &str) -> String {
    let is_own = |line: &&str| !line.contains("site=") || line.contains(concat!("\"", module_path!(), "::"));
    let mut blocks: Vec<Vec<&str>> = Vec::new();
    let mut text = String::new();
    let mut write = |blocks: &mut Vec<Vec<&str>>| {
        blocks.sort();
        blocks.drain(..).flatten().for_each(|line| text.extend([line, "\n"]));
    };
    for line in exposition.lines().filter(is_own) {
        if line.starts_with('#') {
            write(&mut blocks);
            blocks.push(vec![line]);
            write(&mut blocks);
        } else if line.contains("_count{") || line.contains("_bucket{") {
            blocks.last_mut().unwrap().push(line);
        } else {
            blocks.push(vec![line]);
        }
    }
    write(&mut blocks);
    text
}

#[tokio::test]
async fn before_the_first_request_every_counter_is_there_at_zero() {
    insta::assert_snapshot!(own(&text(&airports().tollgate)));
}

async fn two_airports() -> Service {
    let service = airports();
    for iata in ["CDG", "LHR"] {
        assert_eq!(service.get(&format!("/airports/{iata}")).await.body, iata);
    }
    service
}

#[tokio::test]
async fn a_scrape_in_the_text_format_has_every_series_with_its_help_and_type() {
    insta::assert_snapshot!(own(&text(&two_airports().await.tollgate)));
}

#[tokio::test]
async fn a_scrape_in_open_metrics_has_every_series_with_its_unit() {
    insta::assert_snapshot!(own(&scrape(&two_airports().await.tollgate, OPEN_METRICS).1));
}

#[tokio::test]
async fn a_collector_gets_the_format_that_it_asks_for() {
    let tollgate = Tollgate::builder().build().unwrap();
    let text = "text/plain; version=0.0.4; charset=utf-8";
    let open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    for (accept, media_type) in [
        ("", text),
        ("*/*", text),
        ("text/plain;version=0.0.4", text),
        ("text/html", text),
        ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", open_metrics),
        ("application/openmetrics-text;q=0,*/*", text),
    ] {
        let (headers, body) = scrape(&tollgate, accept);
        assert_eq!(headers[CONTENT_TYPE], media_type, "{accept}");
        assert_eq!(headers[VARY], "accept");
        assert_eq!(body.matches("# EOF").count(), usize::from(media_type == open_metrics));
        assert!(body.ends_with('\n'));
    }
}

#[tokio::test]
async fn a_scrape_is_a_route_like_any_other() {
    let tollgate = Tollgate::builder().build().unwrap();
    let client = Client::new(Router::new().route("/metrics", get(tollgate.metrics_handler())));
    let answer = client.clone().with_header("accept", OPEN_METRICS).get("/metrics").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.text().ends_with("# EOF\n"));
    assert_eq!(answer.header("content-length"), answer.bytes().len().to_string());
    let head = client.request(Method::HEAD, "/metrics", "").await;
    assert_eq!((head.status(), head.text()), (StatusCode::OK, ""));
    assert_eq!(client.request(Method::POST, "/metrics", "").await.status(), StatusCode::METHOD_NOT_ALLOWED);
}

/// Fields that a family's samples may have behind its name, by its type.
fn suffixes(kind: &str) -> &'static [&'static str] {
    match kind {
        "counter" => &["_total"],
        "gauge" => &[""],
        "histogram" => &["_sum", "_count", "_bucket"],
        _ => panic!("nothing is of type {kind}"),
    }
}

#[tokio::test]
async fn every_sample_stands_below_the_type_of_its_family() {
    let (_, exposition) = scrape(&two_airports().await.tollgate, OPEN_METRICS);
    let (mut family, mut kind) = ("", "");
    for line in exposition.trim_end_matches("# EOF\n").lines() {
        if let Some(described) = line.strip_prefix("# TYPE ") {
            (family, kind) = described.split_once(' ').unwrap();
        } else if !line.starts_with('#') {
            let suffix = line.split('{').next().unwrap().strip_prefix(family);
            assert!(suffix.is_some_and(|suffix| suffixes(kind).contains(&suffix)), "{line} below {family}");
        }
    }
}

#[tokio::test]
async fn the_boundaries_are_those_of_opentelemetry() {
    let text = text(&two_airports().await.tollgate);
    let boundary = |line: &str| {
        let (_, rest) = line.split_once("_bucket{le=\"")?;
        Some(rest.split('"').next()?.parse::<f64>().unwrap())
    };
    let boundaries: Vec<_> = text.lines().filter_map(boundary).collect();
    let advised = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
    assert_eq!(boundaries, [&advised[..], &[f64::INFINITY]].concat());
}

#[tokio::test]
async fn a_refusal_is_measured_by_its_status() {
    let service = airports();
    for _ in 0..3 {
        service.get("/airports/CDG").await;
    }
    assert_eq!(
        requests(&service.tollgate),
        ["GET /airports/{iata} 200: 2 in 0.06", "GET /airports/{iata} 429: 1 in 0.0"]
    );
    let counts = "with_metrics completed 3, rate_limited admitted 2, refused 1";
    assert_eq!(service.counts(site!(airport)), counts);
}
