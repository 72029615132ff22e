//! Entity tags and dates: RFC 9110, section 13, from what was kept.

use http::StatusCode;

use crate::support::{Script, answer, get_with, service};

#[tokio::test]
async fn a_tag_is_made_of_the_bytes_and_is_answered_with_304() {
    let script = Script::new(|_, _| "bytes");
    let service = service(&script);
    let first = service.get("/plain").await;
    let etag = first.field("etag");
    assert!(etag.len() > 8 && etag.starts_with('"') && etag.ends_with('"'), "strong: {etag}");
    for tags in [etag.to_owned(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
        let same = service.send(get_with("/plain", &[("if-none-match", &tags)])).await;
        assert_eq!((same.status, same.body.as_str()), (StatusCode::NOT_MODIFIED, ""), "{tags}");
        assert_eq!(same.field("etag"), etag);
        assert_eq!(same.field("cache-control"), "private, max-age=10");
        assert_ne!(same.field("content-length"), "0", "that would be another length");
        assert_eq!(same.field("content-type"), "");
        assert_eq!(same.field("cache-status"), "tollgate; hit; ttl=10");
    }
    for tags in ["\"other\"", "", "x", "\"", "W/"] {
        let other = service.send(get_with("/plain", &[("if-none-match", tags)])).await;
        assert_eq!((other.status, other.body.as_str()), (StatusCode::OK, "bytes"), "{tags}");
        assert_eq!(other.field("etag"), etag);
    }
    assert_eq!(script.runs(), 1);
}

#[tokio::test]
async fn other_bytes_have_another_tag_and_the_same_ones_the_same() {
    let script = Script::new(|run, _| if run < 3 { "one" } else { "two" });
    let service = service(&script);
    let mut tags = Vec::new();
    for path in ["/plain?1", "/plain?2", "/plain?3"] {
        tags.push(service.get(path).await.field("etag").to_owned());
    }
    assert_eq!(tags[0], tags[1]);
    assert_ne!(tags[1], tags[2]);
}

#[tokio::test]
async fn a_tag_of_the_functions_own_stays() {
    let service = service(&Script::with_fields(&[("etag", "W/\"own\"")]));
    assert_eq!(service.get("/plain").await.field("etag"), "W/\"own\"");
    let same = service.send(get_with("/plain", &[("if-none-match", "\"own\"")])).await;
    assert_eq!(same.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_condition_on_the_first_request_does_not_keep_a_304() {
    let script = Script::new(|_, parts| {
        if parts.headers.contains_key("if-none-match") {
            return answer(StatusCode::NOT_MODIFIED, &[("etag", "\"v\"")], "");
        }
        answer(StatusCode::OK, &[("etag", "\"v\"")], "whole")
    });
    let service = service(&script);
    let first = service.send(get_with("/plain", &[("if-none-match", "\"v\"")])).await;
    assert_eq!(first.status, StatusCode::NOT_MODIFIED);
    let second = service.get("/plain").await;
    assert_eq!((second.status, second.body.as_str()), (StatusCode::OK, "whole"));
}

#[tokio::test]
async fn a_condition_that_holds_on_a_miss_is_answered_with_304_and_the_whole_is_kept() {
    let script = Script::with_fields(&[("etag", "\"v\"")]);
    let service = service(&script);
    let first = service.send(get_with("/plain", &[("if-none-match", "\"v\"")])).await;
    assert_eq!((first.status, first.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(service.get("/plain").await.body, "1");
    assert_eq!(script.runs(), 1);
}

#[tokio::test]
async fn a_date_counts_where_there_is_no_tag() {
    let script = Script::with_fields(&[("last-modified", "Wed, 31 Dec 2025 00:00:00 GMT")]);
    let service = service(&script);
    service.get("/plain").await;
    for (since, status) in [
        ("Wed, 31 Dec 2025 00:00:00 GMT", 304),
        ("Thu, 01 Jan 2026 00:00:00 GMT", 304),
        ("Tue, 30 Dec 2025 00:00:00 GMT", 200),
        ("yesterday", 200),
    ] {
        let answer = service.send(get_with("/plain", &[("if-modified-since", since)])).await;
        assert_eq!(answer.status, status, "{since}");
        let both = [("if-modified-since", since), ("if-none-match", "\"other\"")];
        assert_eq!(service.send(get_with("/plain", &both)).await.status, 200, "the tag comes first");
    }
}

#[tokio::test]
async fn only_a_whole_answer_is_not_modified() {
    let script = Script::new(|_, _| {
        answer(StatusCode::MOVED_PERMANENTLY, &[("etag", "\"v\""), ("location", "/b")], "")
    });
    let service = service(&script);
    service.get("/plain").await;
    let moved = service.send(get_with("/plain", &[("if-none-match", "\"v\"")])).await;
    assert_eq!((moved.status, moved.field("location")), (StatusCode::MOVED_PERMANENTLY, "/b"));
}
