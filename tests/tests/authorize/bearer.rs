//! `BearerTokens`: a token in `Authorization: Bearer ..`, and nowhere else.

use axum::Router;
use axum::body::Body;
use axum::routing::any;
use http::{Request, StatusCode};
use tollgate::{BearerTokens, Principal, Tollgate, authorize};
use tollgate_tests::{Service, post};

use crate::support::{and, nobody};

const TOKEN: &str = "abcDEF123-._~+/=";

#[authorize]
async fn who(somebody: Principal) -> String {
    somebody.subject().to_owned()
}

fn service() -> Service {
    let long = "x".repeat(4_096);
    let known = [(TOKEN, "ada"), ("other", "bob"), (&long, "long")];
    let tokens = BearerTokens::new(known.map(|(token, subject)| (token, Principal::new(subject))));
    Service::with(Tollgate::builder().principal(tokens), Router::new().route("/", any(who)))
}

fn with(value: impl AsRef<[u8]>) -> Request<Body> {
    and(nobody(), "authorization", value)
}

#[tokio::test]
async fn a_known_token_names_its_principal_whatever_the_case_of_the_scheme() {
    let service = service();
    for scheme in ["Bearer", "bearer", "BEARER", "bEARER"] {
        assert_eq!(service.send(with(format!("{scheme} {TOKEN}"))).await.body, "ada", "{scheme}");
    }
    assert_eq!(service.send(with("Bearer other")).await.body, "bob");
    assert_eq!(service.send(with(format!("Bearer {}", "x".repeat(4_096)))).await.body, "long");
}

/// What is presented is not valid, and that is said.
async fn is_invalid(service: &Service, request: Request<Body>) {
    let shown = format!("{request:?}");
    let answer = service.send(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{shown}");
    assert_eq!(answer.field("www-authenticate"), "Bearer error=\"invalid_token\"", "{shown}");
    assert_eq!(answer.field("content-type"), "application/problem+json");
}

/// Nothing is presented, so no error is named (RFC 6750, section 3.1).
async fn is_nothing(service: &Service, request: Request<Body>) {
    let shown = format!("{request:?}");
    let answer = service.send(request).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{shown}");
    assert_eq!(answer.field("www-authenticate"), "Bearer", "{shown}");
    assert_eq!(answer.field("content-type"), "application/problem+json");
}

#[tokio::test]
async fn an_unknown_token_is_not_valid() {
    let service = service();
    let long = "x".repeat(4_095);
    let padded = format!("{TOKEN}=");
    for token in
        ["abcDEF123-._~+/", &padded, "ABCDEF123-._~+/=", "unknown", "o", "otherother", &long, "=", "null"]
    {
        is_invalid(&service, with(format!("Bearer {token}"))).await;
    }
}

#[tokio::test]
async fn what_is_no_token_is_not_valid() {
    let service = service();
    let with_control = [&b"Bearer other"[..], b"\t"].concat();
    for value in [
        &b"Bearer"[..],
        b"Bearer ",
        b"Bearer  \t ",
        b"Bearer other other",
        b"Bearer other, other",
        b"Bearer other,Bearer other",
        b"Bearer \"other\"",
        b"Bearer token=other;",
        b"Bearer other\xc3\xa4",
        b"Bearer \xff\xfe",
        b"Bearer Bearer other",
    ] {
        is_invalid(&service, with(value)).await;
    }
    assert_eq!(
        service.send(with(with_control)).await.body,
        "bob",
        "white space around a field is none of it"
    );
}

#[tokio::test]
async fn another_scheme_or_none_is_nothing() {
    let service = service();
    is_nothing(&service, nobody()).await;
    for value in ["", "other", "Basic b3RoZXI6", "Digest other", "Token other", "Bearerother", "Bearer:other"]
    {
        is_nothing(&service, with(value)).await;
    }
    is_nothing(&service, with(b"\xff\xfe")).await;
}

#[tokio::test]
async fn two_lines_are_not_valid_even_where_they_agree() {
    let service = service();
    for other in ["Bearer other", "Bearer unknown", "Basic b3RoZXI6", ""] {
        is_invalid(&service, and(with("Bearer other"), "authorization", other)).await;
        is_invalid(&service, and(with(other), "authorization", "Bearer other")).await;
    }
}

#[tokio::test]
async fn a_token_in_a_query_a_cookie_a_body_or_another_field_is_not_read() {
    let service = service();
    for query in ["?access_token=other", "?token=other", "?authorization=Bearer%20other", "?Bearer other"] {
        let query = query.replace(' ', "+");
        is_nothing(&service, tollgate_tests::get(&format!("/{query}"))).await;
    }
    for field in ["cookie", "proxy-authorization", "x-authorization", "x-access-token", "x-api-key"] {
        for value in ["Bearer other", "access_token=other", "authorization=Bearer other", "other"] {
            is_nothing(&service, and(nobody(), field, value)).await;
        }
    }
    is_nothing(&service, post("/", "application/x-www-form-urlencoded", "access_token=other")).await;
}

#[tokio::test]
async fn of_two_equal_tokens_the_later_counts() {
    let tokens = BearerTokens::new([("other", Principal::new("one")), ("other", Principal::new("two"))]);
    let service = Service::with(Tollgate::builder().principal(tokens), Router::new().route("/", any(who)));
    assert_eq!(service.send(with("Bearer other")).await.body, "two");
}

#[tokio::test]
async fn without_any_token_nobody_passes() {
    let tokens = BearerTokens::new::<&str>([]);
    let service = Service::with(Tollgate::builder().principal(tokens), Router::new().route("/", any(who)));
    is_nothing(&service, nobody()).await;
    is_invalid(&service, with("Bearer other")).await;
}

#[test]
fn debug_output_shows_no_token() {
    let tokens = BearerTokens::new([(TOKEN, Principal::new("ada"))]);
    let shown = [format!("{tokens:?}"), format!("{:?}", Tollgate::builder().principal(tokens))].concat();
    assert!(!shown.contains(TOKEN) && !shown.contains("ada"), "{shown}");
}
