//! The client's address is that of the connection, whatever the request says of it.

use std::net::SocketAddr;

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tollgate::{Tollgate, rate_limited};
use tollgate_tests::CLIENT_FIELDS;

use crate::support::{admitted, and, from, request, service};

#[rate_limited("2/minute")]
async fn limited() {}

#[tokio::test]
async fn no_forwarded_field_charges_another_client() {
    let service = service(get(limited));
    for field in CLIENT_FIELDS {
        service.send(and(from("10.0.0.1"), field, "10.0.0.2")).await;
    }
    assert_eq!(admitted(&service, || from("10.0.0.2")).await, 2);
}

#[tokio::test]
async fn without_an_address_all_clients_are_one_and_no_forwarded_field_changes_that() {
    let service = service(get(limited));
    assert_eq!(admitted(&service, request).await, 2);
    for field in CLIENT_FIELDS {
        let answer = service.send(and(request(), field, "1.1.1.1")).await;
        assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{field}");
    }
    assert_eq!(admitted(&service, || from("10.0.0.1")).await, 2, "apart from those with an address");
}

/// Sends a request through a connection of its own, and gives the head of the answer.
async fn ask(server: SocketAddr) -> String {
    let mut connection = TcpStream::connect(server).await.unwrap();
    let head = b"GET / HTTP/1.1\r\nHost: tollgate.example\r\nConnection: close\r\n\r\n";
    connection.write_all(head).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn connections_of_one_peer_share_a_budget() {
    let tollgate = Tollgate::builder().build().unwrap();
    let router = Router::new().route("/", get(limited)).layer(tollgate.layer());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    for (status, standing) in
        [("200 OK", "r=1;t=30"), ("200 OK", "r=0;t=30"), ("429 Too Many Requests", "r=0;t=30")]
    {
        let answer = ask(address).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}\r\n")), "{answer}");
        assert!(answer.contains(&format!("\r\nratelimit: \"default\";{standing}\r\n")), "{answer}");
    }
    server.abort();
}
