//! What `/metrics` shows: every request, whichever way it went, and nothing that a client made up.

use airports::options::Limits;
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, header};

use crate::client::{EDITOR, body, builder, keyed, request, send_to, service};

fn measured() -> Router {
    service(&builder(Limits::Off).build().unwrap())
}

/// A request is over when its answer has been read.
async fn read(service: &Router, request: Request<Body>) {
    body(send_to(service, request).await).await;
}

async fn metrics(service: &Router, accept: Option<&str>) -> (String, String) {
    let mut request = request(Method::GET, "/metrics");
    if let Some(accept) = accept {
        request.headers_mut().insert(header::ACCEPT, accept.parse().unwrap());
    }
    let response = send_to(service, request).await;
    let media = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
    (media, String::from_utf8(body(response).await).unwrap())
}

/// Method, route and status of what was counted, with the count.
async fn counted(service: &Router) -> Vec<String> {
    let (_, text) = metrics(service, None).await;
    let lines =
        text.lines().filter_map(|line| line.strip_prefix("http_server_request_duration_seconds_count{"));
    let mut lines: Vec<_> = lines
        .map(|line| {
            let values: Vec<_> = line.split('"').skip(1).step_by(2).take(3).collect();
            format!("{} {}", values.join(" "), line.rsplit(' ').next().unwrap())
        })
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn every_request_is_counted_once_by_its_route() {
    let service = measured();
    for uri in ["/airports/CDG", "/airports/QQQ", "/airports/JFK", "/distance/CDG/JFK", "/docs/", "/me"] {
        read(&service, request(Method::GET, uri)).await;
    }
    read(&service, keyed(EDITOR, request(Method::GET, "/me"))).await;
    read(&service, request(Method::DELETE, "/airports/CDG")).await;
    assert_eq!(
        counted(&service).await,
        [
            "DELETE /airports/{iata} 405 1",
            "GET /airports/{iata} 200 2",
            "GET /airports/{iata} 404 1",
            "GET /distance/{from}/{to} 200 1",
            "GET /docs/ 200 1",
            "GET /me 200 1",
            "GET /me 401 1",
        ]
    );
}

#[tokio::test]
async fn what_clients_make_up_is_one_series() {
    let service = measured();
    for word in ["one", "two%00", "three%22%7D", "..%2f"] {
        read(&service, request(Method::GET, &format!("/{word}"))).await;
        read(&service, request(word.split('%').next().unwrap().parse().unwrap(), "/none")).await;
    }
    assert_eq!(counted(&service).await, ["GET _unmatched 404 4", "_OTHER _unmatched 404 4"]);
}

#[tokio::test]
async fn scrapes_are_not_measured_and_come_in_two_forms() {
    let service = measured();
    let (media, text) = metrics(&service, None).await;
    assert!(media.starts_with("text/plain; version=0.0.4"), "{media}");
    assert!(!text.contains("# EOF"));
    let (media, text) = metrics(&service, Some("application/openmetrics-text")).await;
    assert!(media.starts_with("application/openmetrics-text"), "{media}");
    assert!(text.ends_with("# EOF\n"));
    assert!(counted(&service).await.is_empty());
}
