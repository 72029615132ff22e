//! `testing::Client`: what it sends, and what it reads.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use futures_util::stream;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use tollgate::testing::{Answer, Client};
use tollgate::{Principal, Tollgate, authorize, rate_limited};
use tollgate_tests::post;

use crate::support::{abandon, data, never};

async fn peer(request: Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map_or_else(|| "nobody".to_owned(), |peer| peer.0.ip().to_string())
}

/// The request, in words: method, path with query, media types, body.
async fn mirror(request: Request) -> String {
    let (head, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let types: Vec<_> =
        head.headers.get_all("content-type").iter().map(|value| value.to_str().unwrap()).collect();
    format!("{} {} {types:?} {}", head.method, head.uri, String::from_utf8_lossy(&body))
}

fn client() -> Client {
    let router = Router::new()
        .route("/peer", any(peer))
        .route("/mirror", any(mirror))
        .route("/headers", any(async |headers: HeaderMap| format!("{headers:?}")));
    Client::new(router)
}

#[tokio::test]
async fn a_client_is_at_the_address_that_it_was_given() {
    let client = client();
    assert_eq!(client.get("/peer").await.text(), "127.0.0.1");
    assert_eq!(client.clone().from_address([203, 0, 113, 7]).get("/peer").await.text(), "203.0.113.7");
    let six: IpAddr = Ipv6Addr::LOCALHOST.into();
    assert_eq!(client.clone().from_address(six).get("/peer").await.text(), "::1");
    assert_eq!(client.clone().from_nowhere().get("/peer").await.text(), "nobody");
    assert_eq!(client.clone().from_nowhere().from_address(six).get("/peer").await.text(), "::1");
    assert_eq!(client.get("/peer").await.text(), "127.0.0.1", "the first is who it was");
}

#[tokio::test]
async fn requests_are_what_was_asked_for() {
    let client = client();
    assert_eq!(client.get("/mirror?a=b").await.text(), "GET /mirror?a=b [] ");
    assert_eq!(client.post("/mirror", "{}").await.text(), r#"POST /mirror ["application/json"] {}"#);
    assert_eq!(client.post("/mirror", "").await.text(), "POST /mirror [] ");
    let put = client.request(Method::PUT, "/mirror", "[1]").await;
    assert_eq!(put.text(), r#"PUT /mirror ["application/json"] [1]"#);
    let report = client.request("REPORT".parse().unwrap(), "/mirror", Body::empty()).await;
    assert_eq!(report.text(), "REPORT /mirror [] ");
    let sent = client.send(post("/mirror", "text/csv", "a,b")).await;
    assert_eq!(sent.text(), r#"POST /mirror ["text/csv"] a,b"#);
}

#[tokio::test]
async fn a_field_of_the_clients_goes_with_every_request() {
    let client = client().with_header("accept-language", "en").with_header("accept-language", "fr");
    for _ in 0..2 {
        assert_eq!(
            client.get("/headers").await.text(),
            r#"{"accept-language": "en", "accept-language": "fr"}"#
        );
    }
}

#[tokio::test]
async fn a_media_type_of_the_clients_is_the_only_one() {
    let client = client().with_header("content-type", "application/merge-patch+json");
    let patched = client.request(Method::PATCH, "/mirror", "{}").await;
    assert_eq!(patched.text(), r#"PATCH /mirror ["application/merge-patch+json"] {}"#);
}

#[authorize(role = "editor")]
async fn edit(who: Principal) -> String {
    who.subject().to_owned()
}

#[rate_limited("1/minute", key = principal)]
async fn once() {}

#[tokio::test]
async fn a_client_is_the_principal_that_it_was_given() {
    let tollgate = Tollgate::builder().build().unwrap();
    let router = Router::new().route("/edit", any(edit)).route("/once", any(once)).layer(tollgate.layer());
    let client = Client::new(router);
    assert_eq!(client.get("/edit").await.status(), StatusCode::UNAUTHORIZED);
    let ada = client.clone().as_principal(Principal::new("ada").with_role("editor"));
    let bob = client.clone().as_principal(Principal::new("bob"));
    assert_eq!(ada.get("/edit").await.text(), "ada");
    assert_eq!(bob.get("/edit").await.status(), StatusCode::FORBIDDEN);
    for who in [ada, bob] {
        assert_eq!(who.get("/once").await.status(), StatusCode::OK);
        assert_eq!(who.get("/once").await.status(), StatusCode::TOO_MANY_REQUESTS);
    }
}

#[tokio::test]
async fn an_answer_is_read_to_its_end_however_it_is_asked_for() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Airport {
        iata: String,
    }
    let airport = || Airport { iata: "CDG".to_owned() };
    let router = Router::new()
        .route("/json", any(async move || ([("x-a", "1"), ("x-b", "2")], Json(airport()))))
        .route("/bytes", any(async || ([("x-c", "\u{e9}")], vec![0xff_u8, 0xfe])));
    let client = Client::new(router);
    let answer: Answer = client.get("/json").await;
    assert_eq!((answer.status(), answer.header("x-b"), answer.header("x-z")), (StatusCode::OK, "2", ""));
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.json::<Airport>().unwrap(), airport());
    assert!(answer.json::<u8>().is_err());
    let answer = client.get("/bytes").await;
    assert_eq!((answer.bytes().as_ref(), answer.text()), (&[0xff, 0xfe][..], ""));
    assert_eq!(answer.header("x-c"), "", "not text");
    assert_eq!(client.get("/nowhere").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_stream_is_read_as_it_comes() {
    async fn stream_of_two() -> Response {
        let chunks = [Ok::<_, &str>(Bytes::from_static(b"one")), Ok(Bytes::from_static(b"two"))];
        Body::from_stream(stream::iter(chunks)).into_response()
    }
    let client = Client::new(Router::new().route("/", any(stream_of_two)));
    let mut body = client.respond(tollgate_tests::get("/")).await.into_body();
    for chunk in ["one", "two"] {
        assert_eq!(data(&mut body).await, chunk);
    }
    assert!(body.frame().await.is_none());
    assert_eq!(client.get("/").await.text(), "onetwo");
}

#[tokio::test]
async fn a_client_that_is_dropped_midway_has_gone_away() {
    let client = Client::new(Router::new().route("/", any(never)));
    abandon(client.get("/"));
}

#[tokio::test]
#[should_panic(expected = "the path of a request begins with `/`")]
async fn a_path_that_is_none_is_a_mistake_of_the_test() {
    client().get("not a path").await;
}

#[tokio::test]
#[should_panic(expected = "the body of the answer is whole")]
async fn a_body_that_breaks_off_is_a_failure_of_the_test() {
    let broken = || async { Body::from_stream(stream::iter([Ok("one"), Err("broken")])) };
    Client::new(Router::new().route("/", any(broken))).get("/").await;
}
