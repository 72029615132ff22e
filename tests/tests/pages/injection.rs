//! Nothing that a client sends gets out of its place in a link.

use axum::body::Body;
use http::{Request, StatusCode};

use crate::support::{CURSOR, OFFSET, PAGE, link, page, service};

/// What is between `<` and `>` in a `Link` field, and what follows.
fn parts(field: &str) -> Vec<(&str, &str)> {
    let mut parts = Vec::new();
    let mut rest = field;
    while let Some(inner) = rest.strip_prefix('<') {
        let (target, tail) = inner.split_once('>').unwrap();
        let (relation, tail) = match tail.split_once(", ") {
            Some((relation, tail)) => (relation, tail),
            None => (tail, ""),
        };
        parts.push((target, relation));
        rest = tail;
    }
    assert_eq!(rest, "", "{field}");
    parts
}

const HOSTILE: [&str; 25] = [
    "%0d%0aset-cookie:%20a=b",
    "%0aset-cookie:%20a=b",
    "%0dset-cookie:%20a=b",
    "%00",
    "%0d%0a%0d%0a<html>",
    "%E5%98%8A%E5%98%8Dset-cookie:a=b",
    "%c0%8aset-cookie:a=b",
    "\\r\\nset-cookie:a=b",
    "%E2%80%A8",
    "%7f",
    "%1b[31m",
    "x>;rel=\"next\",<http://evil/",
    "x%3E;%20rel=%22next%22,%20%3Chttp://evil/",
    "\"",
    "%22,%22",
    ",",
    ";",
    "'",
    "%23fragment",
    "é",
    "%C3%A9",
    "%",
    "%zz%4",
    "{}|^`[]",
    "\\",
];

#[tokio::test]
async fn hostile_filters_stay_in_their_place() {
    for value in HOSTILE {
        for path in ["/airports?country=", "/airports?q=", "/airports?", "/airports?a=1&"] {
            let Ok(request) = Request::get(format!("{path}{value}")).body(Body::empty()) else { continue };
            let answer = service::<PAGE>(45).send(request).await;
            if answer.status != StatusCode::OK {
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{value}");
                assert!(answer.field("link").is_empty());
                continue;
            }
            let field = answer.field("link");
            let parts = parts(field);
            let relations: Vec<_> = parts.iter().map(|(_, relation)| *relation).collect();
            let expected: &[&str] = if path.ends_with("country=") {
                &["; rel=\"first\"", "; rel=\"last\"", "; rel=\"self\""]
            } else {
                &["; rel=\"first\"", "; rel=\"last\"", "; rel=\"next\"", "; rel=\"self\""]
            };
            assert_eq!(relations, expected, "{value}: {field}");
            for (target, _) in parts {
                assert!(target.starts_with("/airports?"), "{value}: {target}");
                assert!(
                    target
                        .bytes()
                        .all(|byte| byte.is_ascii_graphic() && !b"<>\",;'\\^`{|}[]#".contains(&byte)),
                    "{value}: {target}"
                );
                assert!(target.parse::<http::Uri>().is_ok(), "{target}");
            }
            assert!(answer.headers.get("set-cookie").is_none());
        }
    }
}

#[tokio::test]
async fn a_filter_comes_back_as_it_was_meant() {
    let service = service::<PAGE>(45);
    for (written, expected) in [
        ("a+b", "a%20b"),
        ("a%2Bb", "a%2Bb"),
        ("%E2%80%A8", "%E2%80%A8"),
        ("x%3E;%20rel=%22next%22", "x%3E%3B%20rel%3D%22next%22"),
        ("%26page=7", "%26page%3D7"),
        ("%0D%0A", "%0D%0A"),
        ("%25", "%25"),
    ] {
        let first = page(&service, &format!("/airports?country={written}")).await;
        let own = link(&first, "self").unwrap();
        assert_eq!(own, format!("/airports?country={expected}&page=1&per_page=20"));
        assert_eq!(link(&page(&service, own).await, "self"), Some(own), "a link leads to itself");
    }
}

#[tokio::test]
async fn neither_host_nor_fields_of_proxies_get_into_a_link() {
    for fields in [
        &["host"][..],
        &[
            "host",
            "x-forwarded-host",
            "x-forwarded-proto",
            "x-forwarded-prefix",
            "forwarded",
            "x-original-url",
            "x-rewrite-url",
            "origin",
            "referer",
        ][..],
    ] {
        let mut request = Request::get("/airports");
        for field in fields {
            request = request.header(*field, "evil.example");
        }
        let answer = service::<OFFSET>(45).send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.body.contains("evil") && !answer.field("link").contains("evil"));
    }
    let answer = service::<OFFSET>(45).get("http://evil.example/airports?limit=9").await;
    assert!(!answer.body.contains("evil") && answer.field("link").starts_with("</airports?"));
}

#[tokio::test]
async fn a_path_that_begins_with_two_slashes_names_no_host() {
    for style in [true, false] {
        let request = "//evil.example/airports";
        let answer = if style {
            service::<PAGE>(45).get(request).await
        } else {
            service::<CURSOR>(45).get(request).await
        };
        assert_eq!(answer.status, StatusCode::OK);
        let first = answer.json()["links"]["first"].as_str().unwrap().to_owned();
        assert!(first.starts_with("/.//evil.example/airports?"), "{first}");
    }
}

#[tokio::test]
async fn hostile_paths_stay_in_their_place() {
    for path in ["/x>;rel=next", "/%3E%22%0d%0a", "/a,b;c'd", "/é", "/a\"b", "/%", "/a%2Fb/..;/"] {
        let Ok(request) = Request::get(path).body(Body::empty()) else { continue };
        let answer = service::<PAGE>(45).send(request).await;
        for (target, _) in parts(answer.field("link")) {
            assert!(
                target.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\",;'\\^`{|}[]#".contains(&byte)),
                "{target}"
            );
        }
        assert_eq!(parts(answer.field("link")).len(), 4, "{path}");
    }
}

#[tokio::test]
async fn links_that_are_too_long_for_a_header_field_are_in_the_body_alone() {
    let service = service::<PAGE>(45);
    let answer = service.get(&format!("/airports?q={}", "x".repeat(3000))).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.field("link").is_empty());
    assert!(answer.json()["links"]["next"].as_str().unwrap().contains("xxx"));
}
