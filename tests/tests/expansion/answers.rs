//! Everything that a handler may return.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::extract::ws::WebSocketUpgrade;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{ErrorResponse, Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use futures_util::Stream;
use futures_util::stream;
use http::{HeaderName, StatusCode, header};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tollgate::{rate_limited, with_metrics};
use tollgate_tests::{Service, site};

use crate::support::{FIRST, GUARDED, guarded, passes};

#[rate_limited("2/minute")]
#[with_metrics]
async fn nothing() {}

#[rate_limited("2/minute")]
#[with_metrics]
async fn status() -> StatusCode {
    StatusCode::NO_CONTENT
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn parts() -> (StatusCode, [(HeaderName, &'static str); 1], Json<[u8; 2]>) {
    (StatusCode::CREATED, [(header::LOCATION, "/7")], Json([1, 2]))
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn redirect() -> Redirect {
    Redirect::temporary("/elsewhere")
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn response() -> Response {
    Html("<p>").into_response()
}

#[tokio::test]
async fn plain_answers_keep_their_status_fields_and_body() {
    let router = Router::new()
        .route("/nothing", get(nothing))
        .route("/status", get(status))
        .route("/parts", get(parts))
        .route("/redirect", get(redirect))
        .route("/response", get(response));
    for (path, site, status, field, value, body) in [
        ("/nothing", site!(nothing), 200, "content-length", "0", ""),
        ("/status", site!(status), 204, "content-type", "", ""),
        ("/parts", site!(parts), 201, "location", "/7", "[1,2]"),
        ("/redirect", site!(redirect), 307, "location", "/elsewhere", ""),
        ("/response", site!(response), 200, "content-type", "text/html; charset=utf-8", "<p>"),
    ] {
        let answer = guarded(router.clone(), || tollgate_tests::get(path), site).await;
        assert_eq!(
            (answer.status.as_u16(), answer.field(field), answer.body.as_str()),
            (status, value, body)
        );
    }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn hidden(Path(id): Path<u32>) -> impl IntoResponse {
    (StatusCode::ACCEPTED, id.to_string())
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn hidden_result(Path(id): Path<u32>) -> Result<impl IntoResponse, (StatusCode, &'static str)> {
    if id == 0 {
        return Err((StatusCode::NOT_FOUND, "none"));
    }
    Ok((StatusCode::ACCEPTED, id.to_string()))
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn infallible(Path(id): Path<u32>) -> Result<String, Infallible> {
    Ok(id.to_string())
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn any_error(Path(id): Path<u32>) -> axum::response::Result<String> {
    if id == 0 {
        return Err(ErrorResponse::from(StatusCode::GONE));
    }
    Ok(id.to_string())
}

#[tokio::test]
async fn answers_of_hidden_types_and_of_errors_pass() {
    let router = Router::new()
        .route("/hidden/{id}", get(hidden))
        .route("/result/{id}", get(hidden_result))
        .route("/infallible/{id}", get(infallible))
        .route("/any/{id}", get(any_error));
    for (path, site, status, body) in [
        ("/hidden/7", site!(hidden), StatusCode::ACCEPTED, "7"),
        ("/result/7", site!(hidden_result), StatusCode::ACCEPTED, "7"),
        ("/result/0", site!(hidden_result), StatusCode::NOT_FOUND, "none"),
        ("/infallible/7", site!(infallible), StatusCode::OK, "7"),
        ("/any/7", site!(any_error), StatusCode::OK, "7"),
        ("/any/0", site!(any_error), StatusCode::GONE, ""),
    ] {
        let answer = guarded(router.clone(), || tollgate_tests::get(path), site).await;
        assert_eq!((answer.status, answer.body.as_str()), (status, body), "{path}");
    }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn chunks(Path(count): Path<u8>) -> Body {
    let chunk = |number| Ok::<_, Infallible>(Bytes::from(format!("chunk {number}\n")));
    Body::from_stream(stream::iter((0..count).map(chunk)))
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn events() -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = ["one", "two"].map(|data| Ok(Event::default().event("number").data(data)));
    Sse::new(stream::iter(events)).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

#[tokio::test]
async fn streams_flow_through_the_gate() {
    let router = Router::new().route("/chunks/{count}", get(chunks)).route("/events", get(events));
    let body = passes(router.clone(), || tollgate_tests::get("/chunks/2"), site!(chunks)).await;
    assert_eq!(body, "chunk 0\nchunk 1\n");
    let answer = guarded(router, || tollgate_tests::get("/events"), site!(events)).await;
    assert_eq!(answer.field("content-type"), "text/event-stream");
    assert_eq!(answer.body, "event: number\ndata: one\n\nevent: number\ndata: two\n\n");
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn endless() -> Body {
    Body::from_stream(stream::pending::<Result<Bytes, Infallible>>())
}

#[tokio::test]
async fn an_answer_leaves_the_gate_before_its_body_ends() {
    let service = Service::of(Router::new().route("/", get(endless)));
    let response = tower::ServiceExt::oneshot(service.router(), tollgate_tests::get("/")).await.unwrap();
    assert_eq!(response.headers()["ratelimit"], FIRST);
    assert_eq!(service.counts(site!(endless)), "rate_limited admitted 1");
    drop(response);
    assert_eq!(service.counts(site!(endless)), "with_metrics cancelled 1, rate_limited admitted 1");
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|mut socket| async move {
        socket.send("hello".into()).await.unwrap();
    })
}

const HANDSHAKE: &str = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

/// What a server says to a handshake up to some last bytes, and what follows it.
async fn shake_hands(server: SocketAddr, until: &[u8]) -> String {
    let mut client = TcpStream::connect(server).await.unwrap();
    client.write_all(HANDSHAKE.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    while !said.ends_with(until) {
        assert_ne!(client.read_buf(&mut said).await.unwrap(), 0, "{}", String::from_utf8_lossy(&said));
    }
    String::from_utf8_lossy(&said).into_owned()
}

#[tokio::test]
async fn a_web_socket_is_opened_and_refused_by_the_gate() {
    let service = Service::of(Router::new().route("/", get(socket)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, service.router()).into_future());
    for _ in 0..2 {
        let said = shake_hands(address, b"\x81\x05hello").await;
        assert!(said.starts_with("HTTP/1.1 101 Switching Protocols\r\n"), "{said}");
        assert!(said.contains("\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{said}");
        assert!(said.contains("\r\nratelimit: \"default\";r="), "{said}");
    }
    let said = shake_hands(address, b"}").await;
    assert!(said.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{said}");
    assert_eq!(service.counts(site!(socket)), GUARDED);
}

#[tokio::test]
async fn a_request_that_cannot_become_a_web_socket_leaves_by_the_gate() {
    let router = Router::new().route("/", get(socket));
    let answer = guarded(router, || tollgate_tests::get("/"), site!(socket)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}
