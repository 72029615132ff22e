//! What the settings of a `Tollgate` say of pages.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::StatusCode;
use tollgate::Tollgate;
use tollgate_tests::events;

use crate::support::{CURSOR, PAGE, Rows, SECRET, airports, assert_invalid_cursor, link, page, with};

fn rows<const STYLE: usize>() -> Rows<STYLE> {
    Arc::new(Mutex::new(airports(30)))
}

#[tokio::test]
async fn links_begin_with_the_base_url() {
    for base in ["https://api.example.com/v1", "https://api.example.com/v1/"] {
        let service = with(Tollgate::builder().base_url(base), &rows::<PAGE>());
        let first = page(&service, "/airports").await;
        assert_eq!(link(&first, "next"), Some("https://api.example.com/v1/airports?page=2&per_page=20"));
        let answer = service.get("//evil/").await;
        let link = answer.json()["links"]["first"].as_str().unwrap().to_owned();
        assert!(link.starts_with("https://api.example.com/v1//evil/?"), "{link}");
    }
}

#[tokio::test]
async fn a_base_url_that_is_none_is_an_error() {
    for base in [
        "",
        "/v1",
        "api.example.com",
        "ftp://example.com",
        "https://",
        "https://a?b",
        "https://a#b",
        "https://u:p@a/",
        "https://a/b c",
        "https://a/>;rel=x",
        "https://a/\r\nx: y",
        "javascript:alert(1)",
        "//example.com",
        "https://a/,",
    ] {
        let error = Tollgate::builder().base_url(base).build().unwrap_err().to_string();
        assert!(error.contains("`.base_url(..)`"), "{base}: {error}");
    }
    for base in ["http://localhost:3000", "https://[::1]:8080/x", "HTTPS://EXAMPLE.com"] {
        assert!(Tollgate::builder().base_url(base).build().is_ok(), "{base}");
    }
}

#[tokio::test]
async fn cursors_outlive_a_change_of_keys_once() {
    let (old, new, newest) = ([1; 32], [2; 32], [3; 32]);
    let rows = rows::<CURSOR>();
    let before = with(Tollgate::builder().cursor_keys(old, None), &rows);
    let after = with(Tollgate::builder().cursor_keys(new, Some(old)), &rows);
    let later = with(Tollgate::builder().cursor_keys(newest, Some(new)), &rows);
    let next = |page: &serde_json::Value| link(page, "next").unwrap().to_owned();
    let of_old = next(&page(&before, "/airports?limit=5").await);
    let second = page(&after, &of_old).await;
    let of_new = next(&second);
    assert_eq!(later.get(&of_new).await.status, StatusCode::OK);
    assert_invalid_cursor(&later.get(&of_old).await, "two keys ago");
    assert_invalid_cursor(&before.get(&of_new).await, "by the key that comes");
}

#[tokio::test]
async fn secrets_are_long_and_are_not_shown() {
    for (current, previous) in [("s3cret", None), (SECRET, Some("s3cret")), (&SECRET[1..], None), ("", None)]
    {
        let error = Tollgate::builder().cursor_keys(current, previous).build().unwrap_err().to_string();
        assert!(error.contains("at least 32 bytes") && !error.contains("s3cret"), "{error}");
    }
    let builder = Tollgate::builder().cursor_keys(SECRET, Some(SECRET));
    let shown = format!("{builder:?} {:#?} {:?}", builder, builder.clone().build().unwrap());
    assert!(!shown.contains("0123") && !shown.contains("48, 49"), "{shown}");
}

#[tokio::test]
async fn a_cursor_lives_for_a_second_at_least() {
    for ttl in [Duration::ZERO, Duration::from_millis(999)] {
        let error = Tollgate::builder().cursor_ttl(ttl).build().unwrap_err().to_string();
        assert!(error.contains("`.cursor_ttl(..)`"), "{error}");
    }
}

#[tokio::test]
async fn without_keys_one_is_made_up_and_a_warning_logged_once() {
    events::listen();
    let service = with(Tollgate::builder(), &rows::<CURSOR>());
    assert!(events::heard().is_empty());
    let first = page(&service, "/airports?limit=5").await;
    page(&service, link(&first, "next").unwrap()).await;
    let warnings: Vec<_> =
        events::heard().into_iter().filter(|event| event.contains("cursor_keys")).collect();
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let other = with(Tollgate::builder(), &rows::<CURSOR>());
    assert_invalid_cursor(&other.get(link(&first, "next").unwrap()).await, "another process");
}

#[tokio::test]
async fn pages_without_cursors_need_no_keys() {
    events::listen();
    page(&with(Tollgate::builder(), &rows::<PAGE>()), "/airports").await;
    assert!(events::heard().is_empty());
}

#[tokio::test]
async fn without_a_tollgate_of_ones_own_the_default_serves() {
    let router = axum::Router::new().route(
        "/",
        axum::routing::get(|pagination: tollgate::Pagination<crate::support::Airport<CURSOR>>| async move {
            pagination.slice(&airports(30))
        }),
    );
    let first = tollgate_tests::send(&router, tollgate_tests::get("/")).await.json();
    let second = tollgate_tests::send(&router, tollgate_tests::get(link(&first, "next").unwrap())).await;
    assert_eq!(second.status, StatusCode::OK);
}
