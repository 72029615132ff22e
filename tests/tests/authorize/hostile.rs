//! Requests that are meant to confuse.

use axum::Router;
use axum::body::Body;
use axum::routing::any;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Version};
use tollgate::{ApiKeys, BearerTokens, Principal, Refusal, Tollgate, authorize, rate_limited};
use tollgate_tests::{Service, from_client};

use crate::support::{Users, all_of, and, nobody, service};

#[rate_limited("2/minute")]
#[authorize]
async fn guarded() {}

fn tokens() -> BearerTokens {
    BearerTokens::new([("other", Principal::new("bob"))])
}

fn bearer() -> Service {
    let router = Router::new().route("/", any(guarded)).route("/deep/{*path}", any(guarded));
    Service::with(Tollgate::builder().principal(tokens()), router)
}

#[tokio::test]
async fn every_byte_that_a_header_field_may_hold_is_answered_and_never_comes_back() {
    let bytes: Vec<u8> = (0..=255_u8).filter(|byte| HeaderValue::from_bytes(&[*byte]).is_ok()).collect();
    assert!(bytes.len() > 200);
    let plain = bearer().send(and(nobody(), "authorization", "Bearer unknown")).await;
    for byte in bytes {
        for value in [vec![byte], [b"Bearer ", &[byte][..]].concat(), [b"Bearer other", &[byte][..]].concat()]
        {
            let answer = bearer().send(and(nobody(), "authorization", &value)).await;
            let is_blank = byte == b' ' || byte == b'\t';
            if value.starts_with(b"Bearer other") && is_blank {
                assert_eq!(answer.status, StatusCode::OK);
            } else {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", value.escape_ascii());
                assert!(all_of(&answer).len() <= all_of(&plain).len(), "{}", value.escape_ascii());
            }
        }
    }
}

#[tokio::test]
async fn the_form_of_the_target_makes_no_difference() {
    let service = bearer();
    let ask = |method, target: &str, version| {
        let mut request = Request::new(Body::empty());
        (*request.method_mut(), *request.uri_mut(), *request.version_mut()) =
            (method, target.parse().unwrap(), version);
        from_client("10.0.0.1", request)
    };
    let absolute = "http://ada:s3cr3t@tollgate.example:80/deep/x?token=other#fragment";
    let forms = [
        ask(Method::GET, absolute, Version::HTTP_11),
        ask(Method::GET, "https://evil.example//deep/../deep/x", Version::HTTP_2),
    ];
    let mut statuses = Vec::new();
    for request in forms {
        let answer = service.send(request).await;
        assert!(!answer.body.contains("s3cr3t") && !answer.body.contains("evil"), "{answer:?}");
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(statuses, [401, 404]);
    assert_eq!(
        service.send(ask(Method::HEAD, "/deep/%2e%2e/", Version::HTTP_10)).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        service.send(ask(Method::GET, "/deep/y?x=1", Version::HTTP_3)).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
}

#[tokio::test]
async fn credentials_of_one_request_never_serve_the_next() {
    let (service, users) = service(any(guarded));
    let ada = || from_client("10.0.0.1", crate::support::user("ada"));
    assert_eq!(service.send(ada()).await.status, StatusCode::OK);
    assert_eq!(service.send(from_client("10.0.0.1", nobody())).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(users.asked(), 2);
}

async fn first_wins(key: String) -> Result<Option<Principal>, Refusal> {
    Ok(Some(Principal::new(key)))
}

#[tokio::test]
async fn a_hundred_keys_at_once_are_no_key() {
    let router = Router::new().route("/", any(guarded));
    let service = Service::with(Tollgate::builder().principal(ApiKeys::new("x-api-key", first_wins)), router);
    let mut headers = HeaderMap::new();
    for number in 0..100 {
        headers.append(HeaderName::from_static("x-api-key"), HeaderValue::from(number));
    }
    let mut request = nobody();
    *request.headers_mut() = headers;
    assert_eq!(service.send(request).await.status, StatusCode::UNAUTHORIZED);
}

#[rate_limited("1/minute", key = principal)]
#[rate_limited("1/minute", key = global, after = authorize)]
#[authorize]
async fn crowded() {}

#[tokio::test]
async fn principals_without_end_take_no_more_room_than_there_is() {
    let users = Users::default();
    let settings = Tollgate::builder().principal(users).max_keys(16);
    let service = Service::with(settings, Router::new().route("/", any(crowded)));
    assert_eq!(service.send(crate::support::user("first")).await.status, StatusCode::OK);
    for number in 0..1_000 {
        let answer = service.send(crate::support::user(&format!("user{number}"))).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    }
}
