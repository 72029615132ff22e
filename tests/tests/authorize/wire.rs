//! Bytes on a connection, as no well-behaved client writes them.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::any;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tollgate::{BearerTokens, Principal, Tollgate, authorize, rate_limited};

#[rate_limited("1000/minute")]
#[rate_limited("1000/minute", key = principal)]
#[authorize]
async fn who(somebody: Principal, _: String) -> String {
    format!("hello {}", somebody.subject())
}

/// A server on a socket.
struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    async fn start() -> Self {
        let tokens = BearerTokens::new([("right", Principal::new("ada")), ("other", Principal::new("bob"))]);
        let tollgate = Tollgate::builder().principal(tokens).build().unwrap();
        let router = Router::new().route("/", any(who)).fallback(who).layer(tollgate.layer());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { address, task }
    }

    /// Everything that is answered to these bytes, after which the client sends nothing more.
    async fn answer(&self, bytes: impl AsRef<[u8]>) -> String {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        let mut answer = Vec::new();
        // A server that refuses may close the connection before it has read everything.
        let _ = connection.write_all(bytes.as_ref()).await;
        let _ = connection.shutdown().await;
        let _ = connection.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The statuses of the answers on a connection, and who was greeted.
fn seen(answer: &str) -> String {
    let statuses = answer.match_indices("HTTP/1.").filter_map(|(at, _)| answer.get(at + 9..at + 12));
    let names = answer.match_indices("hello ").filter_map(|(at, _)| answer.get(at + 6..at + 9));
    statuses.chain(names).collect::<Vec<_>>().join(" ")
}

#[tokio::test]
async fn well_formed_requests_in_unusual_forms_are_understood() {
    let server = Server::start().await;
    for (request, expected) in [
        ("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer right\r\n\r\n", "200 ada"),
        ("GET / HTTP/1.0\r\nauthorization:bearer right\r\n\r\n", "200 ada"),
        (
            "GET http://a.example/ HTTP/1.1\r\nHost: b.example\r\nAUTHORIZATION: \t BEARER   right \t\r\n\r\n",
            "200 ada",
        ),
        ("GET http://right@a.example/?token=right HTTP/1.1\r\nHost: a\r\n\r\n", "401"),
        ("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "401"),
        ("FOO / HTTP/1.1\r\nHost: a\r\n\r\n", "401"),
        ("GET //..%2f../%00 HTTP/1.1\r\nHost: a\r\n\r\n", "401"),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nX-HTTP-Method-Override: OPTIONS\r\nX-Original-URL: /health\r\n\r\n",
            "401",
        ),
    ] {
        assert_eq!(seen(&server.answer(request).await), expected, "{request}");
    }
}

#[tokio::test]
async fn requests_on_one_connection_are_each_their_own() {
    let server = Server::start().await;
    let ada = "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer right\r\n\r\n";
    let bob = "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer other\r\n\r\n";
    let nobody = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let answer = server.answer([ada, nobody, bob, nobody].concat()).await;
    assert_eq!(seen(&answer), "200 401 200 401 ada bob");
}

#[tokio::test]
async fn credentials_in_a_body_or_a_trailer_are_none() {
    let server = Server::start().await;
    let body = "Authorization: Bearer right\r\n\r\n";
    let length = body.len();
    for request in [
        format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{body}"),
        format!(
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: authorization\r\n\r\n0\r\n{body}"
        ),
    ] {
        assert_eq!(seen(&server.answer(&request).await), "401", "{request}");
    }
}

#[tokio::test]
async fn malformed_requests_greet_nobody() {
    let server = Server::start().await;
    for lines in [
        &b"Authorization : Bearer right"[..],
        b" Authorization: Bearer right",
        b"Authorization\x00: Bearer right",
        b"Authorization: Bearer\x00right",
        b"Authorization: Bearer\x7fright",
        b"Authorization: Bearer\x0bright",
        b"Authorization: Bearer\rright",
        b"X: y\r\n Authorization: Bearer right",
        b"Authorization: Bearer right\r\nAuthorization: Bearer right",
        b"Authorization: Bearer right\r\nauthorization: Bearer other",
        b"Authorization: Bearer right, Bearer other",
        b"Authorization: Bearer right\r\nAuthorization:",
        b"Proxy-Authorization: Bearer right",
        b"Authorization: Bearer\xc2\xa0right",
        b"Authorization: \xef\xbb\xbfBearer right",
        b"Authorization: Bearer right\xe2\x80\x8b",
        b"Authorization;Bearer right",
    ] {
        let request = [&b"GET / HTTP/1.1\r\nHost: a\r\n"[..], lines, b"\r\n\r\n"].concat();
        let answer = server.answer(&request).await;
        assert!(!answer.contains("hello"), "{}: {answer}", request.escape_ascii());
        assert!(seen(&answer).len() <= 3, "at most one answer: {}: {answer}", request.escape_ascii());
        assert!(!answer.contains("right"), "{answer}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_does_no_harm() {
    let server = Server::start().await;
    for length in [1 << 14, 1 << 17, 1 << 20] {
        let token = "x".repeat(length);
        let request = format!("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n");
        let answer = server.answer(&request).await;
        assert!(["", "401", "431"].contains(&seen(&answer).as_str()), "{length}: {answer}");
    }
    let well = "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer right\r\n\r\n";
    assert_eq!(seen(&server.answer(well).await), "200 ada");
}
