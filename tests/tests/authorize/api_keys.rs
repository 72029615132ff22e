//! `ApiKeys`: a key in a field of its own, looked up by a function.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, StatusCode};
use tollgate::{ApiKeys, Principal, Refusal, Tollgate, authorize};
use tollgate_tests::Service;

use crate::support::{REASON, and, nobody};

#[authorize]
async fn who(somebody: Principal) -> String {
    somebody.subject().to_owned()
}

static LOOKED_UP: AtomicUsize = AtomicUsize::new(0);

async fn look_up(key: String) -> Result<Option<Principal>, Refusal> {
    tokio::task::yield_now().await;
    match key.as_str() {
        "away" => Err(Refusal::unavailable(REASON)),
        "expired" => Err(Refusal::invalid(REASON)),
        "demo" => Ok(Some(Principal::new("ada"))),
        key if key.len() == 4_096 => Ok(Some(Principal::new("long"))),
        "ключ" => Ok(Some(Principal::new("unicode"))),
        _ => Ok(None),
    }
}

fn service() -> Service {
    let keys = ApiKeys::new("x-api-key", look_up);
    Service::with(Tollgate::builder().principal(keys), Router::new().route("/", get(who)))
}

fn with(value: impl AsRef<[u8]>) -> Request<Body> {
    and(nobody(), "x-api-key", value)
}

const CHALLENGE: &str = "ApiKey header=\"x-api-key\"";

#[tokio::test]
async fn a_known_key_names_its_principal_whatever_the_case_of_the_field() {
    let service = service();
    for name in ["x-api-key", "X-API-Key", "X-Api-KEY"] {
        assert_eq!(service.send(and(nobody(), name, "demo")).await.body, "ada", "{name}");
    }
    assert_eq!(service.send(with("k".repeat(4_096))).await.body, "long");
    assert_eq!(service.send(with("ключ")).await.body, "unicode");
}

#[tokio::test]
async fn without_a_key_credentials_are_missing() {
    let service = service();
    for request in [
        nobody(),
        tollgate_tests::get("/?x-api-key=demo"),
        and(nobody(), "authorization", "Bearer demo"),
        and(nobody(), "cookie", "x-api-key=demo"),
        and(nobody(), "x-apikey", "demo"),
    ] {
        let answer = service.send(request).await;
        assert_eq!((answer.status, answer.field("www-authenticate")), (StatusCode::UNAUTHORIZED, CHALLENGE));
        assert_eq!(answer.json()["detail"], "this request needs credentials");
    }
}

#[tokio::test]
async fn a_key_that_is_not_known_is_not_valid() {
    let service = service();
    for key in ["Demo", "demo demo", "demo,demo", "\"demo\"", "dem", "expired", &"k".repeat(4_097)] {
        let answer = service.send(with(key)).await;
        assert_eq!((answer.status, answer.field("www-authenticate")), (StatusCode::UNAUTHORIZED, CHALLENGE));
        assert_eq!(answer.json()["detail"], "the credentials of this request are not valid", "{key}");
    }
    assert_eq!(service.send(with("away")).await.status, StatusCode::SERVICE_UNAVAILABLE);
}

async fn never_looked_up(_: String) -> Result<Option<Principal>, Refusal> {
    LOOKED_UP.fetch_add(1, Ordering::SeqCst);
    Ok(Some(Principal::new("anybody")))
}

#[tokio::test]
async fn what_is_no_single_key_is_not_valid_and_not_looked_up() {
    let keys = ApiKeys::new("x-api-key", never_looked_up);
    let service = Service::with(Tollgate::builder().principal(keys), Router::new().route("/", get(who)));
    for request in [
        with(""),
        with(b"\xff\xfe"),
        with(b"demo\x80"),
        and(with("demo"), "x-api-key", "demo"),
        and(with(""), "x-api-key", "demo"),
        and(with("demo"), "x-api-key", ""),
    ] {
        let answer = service.send(request).await;
        assert_eq!((answer.status, answer.field("www-authenticate")), (StatusCode::UNAUTHORIZED, CHALLENGE));
        assert_eq!(answer.json()["detail"], "the credentials of this request are not valid");
    }
    assert_eq!(LOOKED_UP.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn keys_are_looked_up_by_a_closure_too() {
    let known = std::sync::Arc::new(vec!["one".to_owned(), "two".to_owned()]);
    let keys = ApiKeys::new("x-key", move |key: String| {
        let known = known.clone();
        async move { Ok::<_, Refusal>(known.contains(&key).then(|| Principal::new(key))) }
    });
    let service = Service::with(Tollgate::builder().principal(keys), Router::new().route("/", get(who)));
    assert_eq!(service.send(and(nobody(), "x-key", "two")).await.body, "two");
    let answer = service.send(and(nobody(), "x-key", "three")).await;
    assert_eq!(answer.field("www-authenticate"), "ApiKey header=\"x-key\"");
}
