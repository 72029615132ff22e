//! `CacheLayer` around handlers of ours.

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use tollgate::{ApiKeys, CacheLayer, Principal, Refusal, Tollgate, authorize};
use tollgate_tests::Service;

use crate::support::{answer, get_with, is_hit};

#[authorize(role = "editor")]
async fn secret() -> impl IntoResponse {
    ([("cache-control", "max-age=60")], "secret")
}

async fn hello(who: Principal) -> impl IntoResponse {
    ([("cache-control", "max-age=60")], who.subject().to_owned())
}

async fn ada(key: String) -> Result<Option<Principal>, Refusal> {
    Ok((key == "ada-key").then(|| Principal::new("ada").with_role("editor")))
}

#[tokio::test]
async fn what_a_key_opens_is_not_for_those_who_have_none() {
    let app =
        Router::new().route("/secret", get(secret)).route("/hello", get(hello)).layer(CacheLayer::new());
    let service = Service::with(Tollgate::builder().principal(ApiKeys::new("x-api-key", ada)), app);
    for (path, body) in [("/secret", "secret"), ("/hello", "ada")] {
        assert_eq!(service.send(get_with(path, &[("x-api-key", "ada-key")])).await.body, body);
        assert_eq!(service.get(path).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn what_one_client_does_too_often_is_not_kept() {
    let too_often = async || answer(StatusCode::TOO_MANY_REQUESTS, &[("cache-control", "max-age=60")], "");
    let service = Service::of(Router::new().route("/", get(too_often)).layer(CacheLayer::new()));
    service.get("/").await;
    assert!(!is_hit(&service.get("/").await));
}

#[tokio::test]
async fn what_an_answer_varies_by_counts_also_where_it_withholds_that_field() {
    let language = async |headers: HeaderMap| {
        let language = headers["accept-language"].to_str().unwrap().to_owned();
        ([("cache-control", "max-age=60, no-cache=\"vary\""), ("vary", "accept-language")], language)
    };
    let service = Service::of(Router::new().route("/", get(language)).layer(CacheLayer::new()));
    for language in ["fr", "de"] {
        assert_eq!(service.send(get_with("/", &[("accept-language", language)])).await.body, language);
    }
}
