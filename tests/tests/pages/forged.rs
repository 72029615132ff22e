//! Cursors that were not made here, or not for this.

use std::time::Duration;

use http::StatusCode;
use tollgate::Tollgate;
use tollgate_tests::Service;

use crate::support::{CURSOR, SECRET, airports, assert_invalid_cursor, link, page, parameter, service, with};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

async fn cursor(service: &Service) -> String {
    let first = page(service, "/airports?limit=2&country=FR").await;
    parameter(&first, "next", "cursor").unwrap().to_owned()
}

async fn assert_refused(service: &Service, cursor: &str) {
    let answer = service.get(&format!("/airports?limit=2&cursor={cursor}")).await;
    assert_invalid_cursor(&answer, cursor);
}

#[tokio::test]
async fn what_is_no_cursor_is_refused() {
    let service = service::<CURSOR>(10);
    let long = "A".repeat(5120);
    for junk in [
        "",
        "invalid",
        "q",
        "null",
        "%20",
        "=",
        "AA==",
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "a%00b",
        "1%27%20OR%201=1--",
        "bnVsbA==",
        "bnVsbA",
        "WzMwLCJuIl0=",
        "WzMwLCJuIl0",
        "e30",
        "eyIkZ3QiOiIifQ==",
        "eyIkZ3QiOiIifQ",
        "%7B%22$gt%22:%22%22%7D",
        "[30,%22n%22]",
        "-1",
        "1e20",
        "LTE",
        "MWUyMA",
        "eyJ2IjoidjEiLCJwYWdlX3N0YXJ0Ijp7fX0",
        "AQ",
        "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA",
        long.as_str(),
        "%F0%9F%92%A9",
    ] {
        assert_refused(&service, junk).await;
    }
}

#[tokio::test]
async fn a_cursor_that_is_no_utf8_is_refused() {
    for bytes in ["%ff", "%c0%8a", "%ed%a0%80"] {
        assert_refused(&service::<CURSOR>(10), bytes).await;
    }
}

#[tokio::test]
async fn every_change_of_a_single_character_is_refused() {
    let service = service::<CURSOR>(30);
    let cursor = cursor(&service).await;
    for place in 0..cursor.len() {
        for letter in ALPHABET.iter().chain(b"=+/.% ") {
            let mut forged = cursor.clone().into_bytes();
            if forged[place] == *letter {
                continue;
            }
            forged[place] = *letter;
            let forged = String::from_utf8(forged)
                .unwrap()
                .replace('%', "%25")
                .replace(' ', "%20")
                .replace('+', "%2B");
            assert_refused(&service, &forged).await;
        }
    }
}

#[tokio::test]
async fn every_part_and_every_longer_text_is_refused() {
    let service = service::<CURSOR>(30);
    let cursor = cursor(&service).await;
    for end in 0..cursor.len() {
        assert_refused(&service, &cursor[..end]).await;
        assert_refused(&service, &cursor[end + 1..]).await;
    }
    for tail in ["A", "=", "==", "AAAA", "%0A", "%20", ".", &cursor] {
        assert_refused(&service, &format!("{cursor}{tail}")).await;
        assert_refused(&service, &format!("{tail}{cursor}")).await;
    }
}

#[tokio::test]
async fn letters_of_the_other_case_are_refused() {
    let service = service::<CURSOR>(30);
    let cursor = cursor(&service).await;
    for other in [cursor.to_ascii_lowercase(), cursor.to_ascii_uppercase()] {
        assert_refused(&service, &other).await;
    }
}

#[tokio::test]
async fn a_cursor_of_another_path_is_refused() {
    let service = service::<CURSOR>(30);
    let cursor = cursor(&service).await;
    for path in [
        "/iter",
        "/airports/",
        "/nested/airports",
        "/in/FR/airports",
        "/Airports",
        "/%61irports",
        "//airports",
    ] {
        let answer = service.get(&format!("{path}?cursor={cursor}")).await;
        assert_invalid_cursor(&answer, path);
    }
    let french = page(&service, "/in/FR/airports?limit=2").await;
    let next = link(&french, "next").unwrap();
    assert!(next.starts_with("/in/FR/airports?"), "{next}");
    assert_eq!(service.get(next).await.status, StatusCode::OK);
    assert_invalid_cursor(&service.get(&next.replace("/FR/", "/DE/")).await, "another parameter of the path");
}

#[tokio::test]
async fn cursors_of_nested_routers_are_made_for_the_whole_path() {
    let service = service::<CURSOR>(30);
    let first = page(&service, "/nested/airports?limit=2").await;
    let next = link(&first, "next").unwrap();
    assert!(next.starts_with("/nested/airports?"), "{next}");
    assert_eq!(service.get(next).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_cursor_of_another_secret_is_refused() {
    let rows = std::sync::Arc::new(std::sync::Mutex::new(airports::<CURSOR>(30)));
    let foreign = with(Tollgate::builder().cursor_keys([7; 32], None), &rows);
    assert_refused(&service::<CURSOR>(30), &cursor(&foreign).await).await;
}

#[tokio::test]
async fn a_cursor_is_valid_for_a_day_and_not_for_longer() {
    let service = service::<CURSOR>(30);
    let cursor = cursor(&service).await;
    service.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(service.get(&format!("/airports?cursor={cursor}")).await.status, StatusCode::OK);
    service.clock.advance(Duration::from_secs(1));
    assert_refused(&service, &cursor).await;
}

#[tokio::test]
async fn the_age_of_a_cursor_is_what_the_settings_say() {
    let rows = std::sync::Arc::new(std::sync::Mutex::new(airports::<CURSOR>(30)));
    let settings = Tollgate::builder().cursor_keys(SECRET, None).cursor_ttl(Duration::from_secs(60));
    let service = with(settings, &rows);
    let cursor = cursor(&service).await;
    service.clock.advance(Duration::from_secs(61));
    assert_refused(&service, &cursor).await;
}
