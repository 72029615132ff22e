//! The same over real connections, where it is the server that reads bodies and drops what nobody waits for.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::WebSocketUpgrade;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use futures_util::stream::{self, StreamExt};
use http::StatusCode;
use http::header::CONTENT_LENGTH;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tollgate::{MetricsLayer, with_metrics};
use tollgate_tests::{Service, site};

use crate::body::Step::{Data, Ends, Fails, Panics, Pending, Trailers};
use crate::body::steps;
use crate::support::{active, never, requests, until};

/// Both ways to measure a handler that makes an answer: by the attribute, and by the layer.
macro_rules! both {
    ($router:expr, $path:literal, $answer:expr) => {{
        #[with_metrics]
        async fn with_attribute() -> Response {
            $answer.into_response()
        }
        async fn with_layer() -> Response {
            $answer.into_response()
        }
        let router: Router = $router;
        router
            .route(concat!("/attribute/", $path), any(with_attribute))
            .route(concat!("/layer/", $path), any(with_layer).layer(MetricsLayer::new()))
    }};
}

fn endless() -> Body {
    let chunks = stream::repeat_with(|| Ok::<_, &str>(Bytes::from_static(&[b'x'; 1_000])));
    Body::from_stream(chunks.then(async |chunk| {
        tokio::task::yield_now().await;
        chunk
    }))
}

/// Says one word, then nothing, and does not end.
fn stalled() -> Body {
    Body::from_stream(stream::iter([Ok::<_, &str>("first")]).chain(stream::pending()))
}

fn router() -> Router {
    let router = both!(Router::new(), "pending", never().await);
    let router = both!(router, "endless", endless());
    let router = both!(router, "stalled", stalled());
    let router = both!(router, "text", "hello");
    let router = both!(router, "stream", steps([Data("hel"), Pending, Data("lo"), Ends]).body());
    let router = both!(router, "trailers", steps([Data("hello"), Trailers]).body());
    let router = both!(router, "known", steps([Data("hel"), Pending, Data("lo")]).claiming(5).body());
    let router = both!(router, "announced", ([(CONTENT_LENGTH, "5")], steps([Data("hello")]).body()));
    let router = both!(router, "nothing", ([(CONTENT_LENGTH, "0")], steps([]).body()));
    let router = both!(router, "no-content", (StatusCode::NO_CONTENT, steps([]).body()));
    let router = both!(router, "not-modified", (StatusCode::NOT_MODIFIED, steps([]).body()));
    let router = both!(router, "failing", steps([Data("hello"), Fails]).body());
    let router = both!(router, "panicking", panicking());
    let router = both!(router, "panicking-body", steps([Data("hello"), Panics]).body());
    router.route("/upload", post(upload)).route("/socket", any(socket))
}

fn panicking() -> &'static str {
    panic!("a handler panics")
}

#[with_metrics]
async fn upload(body: Bytes) -> String {
    body.len().to_string()
}

#[with_metrics]
async fn socket(upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|mut socket| async move {
        while let Some(Ok(message)) = socket.recv().await {
            let _ = socket.send(message).await;
        }
    })
}

/// A service behind a socket.
async fn served() -> (Service, std::net::SocketAddr) {
    let service = Service::of(router());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, service.router()).into_future());
    (service, address)
}

/// A connection on which that was said.
async fn said(address: std::net::SocketAddr, text: &str) -> TcpStream {
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(text.as_bytes()).await.unwrap();
    connection
}

fn asking(method: &str, path: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nhost: a\r\n\r\n")
}

/// Reads up to a text.
async fn heard(connection: &mut TcpStream, text: &str) -> String {
    let mut heard = String::new();
    while !heard.contains(text) {
        let byte = connection.read_u8().await.unwrap_or_else(|error| panic!("{error}: {heard}"));
        heard.push(byte.into());
    }
    heard
}

/// Reads to the end, or to where it broke off.
async fn heard_all(connection: &mut TcpStream) -> String {
    let mut heard = Vec::new();
    let _ = connection.read_to_end(&mut heard).await;
    String::from_utf8(heard).unwrap()
}

async fn idle(service: &Service) {
    until(|| active(&service.tollgate) == 0).await;
}

const WAYS: [&str; 2] = ["/attribute", "/layer"];

#[tokio::test]
async fn a_client_that_goes_away_before_the_answer_has_cancelled() {
    for way in WAYS {
        let (service, address) = served().await;
        let path = format!("{way}/pending");
        let connection = said(address, &asking("GET", &path)).await;
        until(|| active(&service.tollgate) == 1).await;
        drop(connection);
        idle(&service).await;
        assert_eq!(requests(&service.tollgate), [format!("GET {path} - cancelled: 1 in 0.0")]);
    }
}

#[tokio::test]
async fn a_client_that_goes_away_before_it_has_sent_all_is_answered_for_nobody() {
    let (service, address) = served().await;
    let head = "POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhello";
    let connection = said(address, head).await;
    until(|| active(&service.tollgate) == 1).await;
    drop(connection);
    idle(&service).await;
    // The server tells the handler that the body broke off, and the extractor answers nobody.
    assert_eq!(requests(&service.tollgate), ["POST /upload 400: 1 in 0.0"]);
}

#[tokio::test]
async fn a_client_that_goes_away_in_the_midst_of_an_answer_has_cancelled() {
    for way in WAYS {
        for path in ["endless", "stalled"] {
            let (service, address) = served().await;
            let path = format!("{way}/{path}");
            let mut connection = said(address, &asking("GET", &path)).await;
            heard(&mut connection, "\r\n\r\n").await;
            assert_eq!(active(&service.tollgate), 1);
            drop(connection);
            idle(&service).await;
            assert_eq!(requests(&service.tollgate), [format!("GET {path} 200 cancelled: 1 in 0.0")]);
        }
    }
}

#[tokio::test]
async fn a_hundred_clients_that_go_away_leave_nothing_behind() {
    let (service, address) = served().await;
    let mut connections = Vec::new();
    for number in 0..100 {
        let path =
            ["/attribute/pending", "/layer/stalled", "/attribute/stalled", "/layer/pending"][number % 4];
        connections.push(said(address, &asking("GET", path)).await);
    }
    until(|| active(&service.tollgate) == 100).await;
    drop(connections);
    idle(&service).await;
    assert_eq!(
        requests(&service.tollgate),
        [
            "GET /attribute/pending - cancelled: 25 in 0.0",
            "GET /attribute/stalled 200 cancelled: 25 in 0.0",
            "GET /layer/pending - cancelled: 25 in 0.0",
            "GET /layer/stalled 200 cancelled: 25 in 0.0",
        ]
    );
}

#[tokio::test]
async fn an_answer_that_was_sent_whole_is_complete_however_its_end_is_known() {
    for (path, status) in [
        ("text", 200),
        ("stream", 200),
        ("trailers", 200),
        ("known", 200),
        ("announced", 200),
        ("nothing", 200),
        ("no-content", 204),
        ("not-modified", 304),
    ] {
        for way in WAYS {
            let (service, address) = served().await;
            let path = format!("{way}/{path}");
            let mut connection = said(address, &asking("GET", &path)).await;
            let head = heard(&mut connection, "\r\n\r\n").await;
            assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{head}");
            idle(&service).await;
            assert_eq!(requests(&service.tollgate), [format!("GET {path} {status}: 1 in 0.0")]);
            connection.write_all(asking("GET", "/attribute/text").as_bytes()).await.unwrap();
            heard(&mut connection, "\r\n\r\nhello").await;
        }
    }
}

#[tokio::test]
async fn the_body_of_an_answer_to_head_is_not_awaited() {
    for way in WAYS {
        let (service, address) = served().await;
        let path = format!("{way}/endless");
        let mut connection = said(address, &asking("HEAD", &path)).await;
        heard(&mut connection, "\r\n\r\n").await;
        idle(&service).await;
        assert_eq!(requests(&service.tollgate), [format!("HEAD {path} 200: 1 in 0.0")]);
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_has_failed() {
    for way in WAYS {
        let (service, address) = served().await;
        let path = format!("{way}/failing");
        let mut connection = said(address, &asking("GET", &path)).await;
        let answer = heard_all(&mut connection).await;
        assert!(!answer.ends_with("0\r\n\r\n"), "{answer}");
        idle(&service).await;
        assert_eq!(requests(&service.tollgate), [format!("GET {path} 200 body: 1 in 0.0")]);
    }
}

#[tokio::test]
async fn a_panic_takes_the_connection_along_and_is_counted() {
    for way in WAYS {
        for (path, status) in [("panicking", "-"), ("panicking-body", "200")] {
            let (service, address) = served().await;
            let path = format!("{way}/{path}");
            let mut connection = said(address, &asking("GET", &path)).await;
            heard_all(&mut connection).await;
            idle(&service).await;
            assert_eq!(requests(&service.tollgate), [format!("GET {path} {status} panic: 1 in 0.0")]);
        }
    }
}

#[tokio::test]
async fn an_upgrade_to_a_websocket_is_complete_while_the_socket_lives_on() {
    let (service, address) = served().await;
    let upgrade = "GET /socket HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
                   sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let mut connection = said(address, upgrade).await;
    let head = heard(&mut connection, "\r\n\r\n").await;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    idle(&service).await;
    assert_eq!(requests(&service.tollgate), ["GET /socket 101: 1 in 0.0"]);
    assert_eq!(service.counts(site!(socket)), "with_metrics completed 1");
    // A masked text frame of one byte comes back unmasked.
    connection.write_all(&[0x81, 0x81, 0, 0, 0, 0, b'x']).await.unwrap();
    let mut echo = [0; 3];
    connection.read_exact(&mut echo).await.unwrap();
    assert_eq!(echo, [0x81, 1, b'x']);
}

#[tokio::test]
async fn requests_on_one_connection_are_counted_each() {
    let (service, address) = served().await;
    let three = asking("GET", "/attribute/text").repeat(3);
    let mut connection = said(address, &three).await;
    for _ in 0..3 {
        heard(&mut connection, "\r\n\r\nhello").await;
    }
    idle(&service).await;
    assert_eq!(requests(&service.tollgate), ["GET /attribute/text 200: 3 in 0.0"]);
}

#[tokio::test]
async fn what_is_no_request_is_not_measured() {
    let (service, address) = served().await;
    for nonsense in ["\0\0\0\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET  HTTP/1.1\r\n\r\n"] {
        let answer = heard_all(&mut said(address, nonsense).await).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    }
    assert_eq!((requests(&service.tollgate).len(), active(&service.tollgate)), (0, 0));
}
