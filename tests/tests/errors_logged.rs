//! What is logged of errors: what the client is not told, with all that stands behind it, in the span of its request.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and helpers have none

use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::routing::get;
use thiserror::Error;
use tollgate::{ApiError, Envelope, ErrorLayer, Problem, RequestId, Tollgate};
use tollgate_tests::{Service, events};

#[derive(Debug, Error)]
#[error("the disk is full")]
struct Disk;

#[derive(Debug, Error)]
#[error("the ledger cannot be written")]
struct Ledger(#[source] Disk);

#[derive(Debug, Error, ApiError)]
enum PaymentError {
    #[error("there is no account {0}")]
    #[api_error(status = 404, code = "account_not_found")]
    NoAccount(u32),
    #[error("the payment of the account was lost")]
    #[api_error(status = 500, code = "payment_lost")]
    Lost(#[source] Ledger),
    #[error("the bank is away")]
    #[api_error(status = 503, code = "bank_away", log = warn)]
    Away,
    #[error("the bank is on holiday")]
    #[api_error(status = 503, code = "bank_holiday", expose, log = off)]
    Holiday,
    #[error("somebody guesses accounts")]
    #[api_error(status = 403, code = "guessing", log = warn)]
    Guessing,
    #[error(transparent)]
    #[api_error(transparent)]
    Within(#[from] InnerError),
    #[error(transparent)]
    #[api_error(transparent)]
    Refused(#[from] Problem),
}

#[derive(Debug, Error, ApiError)]
#[error("it is worse within")]
#[api_error(status = 500, code = "worse_within")]
struct InnerError;

/// What is logged while an error is answered, and what the client gets.
async fn answered(error: fn() -> PaymentError) -> (Vec<String>, String) {
    events::listen();
    let handler = get(move || async move { Err::<(), _>(error()) });
    let service = Service::of(Router::new().route("/", handler).layer(ErrorLayer::new()));
    let body = service.get("/").await.body;
    let heard = events::heard().into_iter().filter(|line| line.contains("tollgate::error"));
    (heard.collect(), body)
}

#[tokio::test]
async fn what_is_the_servers_fault_is_logged_with_its_sources_and_not_sent() {
    let (logged, body) = answered(|| PaymentError::Lost(Ledger(Disk))).await;
    let [line] = &logged[..] else { panic!("{logged:?}") };
    assert!(line.starts_with("ERROR tollgate::error: "), "{line}");
    for part in [
        "status=500",
        "code=payment_lost",
        "error=the payment of the account was lost",
        "sources=the ledger cannot be written: the disk is full",
    ] {
        assert!(line.contains(part), "{part}: {line}");
    }
    for secret in ["ledger", "disk", "payment of the account"] {
        assert!(!body.contains(secret), "{body}");
    }
    assert!(body.contains("something went wrong in the service"), "{body}");
}

#[tokio::test]
async fn what_is_the_clients_fault_is_told_to_the_client_alone() {
    let (logged, body) = answered(|| PaymentError::NoAccount(7)).await;
    assert_eq!(logged, [""; 0]);
    assert!(body.contains("there is no account 7"), "{body}");
}

#[tokio::test]
async fn a_declaration_may_say_how_it_is_logged() {
    let (logged, body) = answered(|| PaymentError::Away).await;
    assert!(logged.len() == 1 && logged[0].starts_with("WARN "), "{logged:?}");
    assert!(!body.contains("bank is away"), "{body}");
    let (logged, body) = answered(|| PaymentError::Guessing).await;
    assert!(logged.len() == 1 && logged[0].starts_with("WARN "), "{logged:?}");
    assert!(body.contains("somebody guesses accounts"), "{body}");
}

#[tokio::test]
async fn what_is_exposed_and_not_logged_is_sent_and_not_logged() {
    let (logged, body) = answered(|| PaymentError::Holiday).await;
    assert_eq!(logged, [""; 0]);
    assert!(body.contains("the bank is on holiday"), "{body}");
}

#[tokio::test]
async fn an_error_within_is_logged_once() {
    let (logged, _) = answered(|| PaymentError::Within(InnerError)).await;
    assert!(logged.len() == 1 && logged[0].contains("code=worse_within"), "{logged:?}");
}

#[tokio::test]
async fn a_problem_within_is_answered_as_it_is() {
    let problem = || Problem::new(http::StatusCode::CONFLICT).detail("taken").into();
    let (logged, body) = answered(problem).await;
    assert_eq!(logged, [""; 0]);
    assert!(body.contains("\"status\":409,\"detail\":\"taken\""), "{body}");
}

#[tokio::test]
async fn what_an_error_says_of_its_source_is_not_said_again() {
    #[derive(Debug, Error)]
    #[error("the library failed: {0}")]
    struct Library(#[source] Disk);

    #[derive(Debug, Error, ApiError)]
    #[error("the page was lost")]
    #[api_error(status = 500, code = "page_lost")]
    struct Lost(#[source] Library);

    events::listen();
    let handler = get(async || Err::<(), _>(Lost(Library(Disk))));
    Service::of(Router::new().route("/", handler)).get("/").await;
    let heard = events::heard();
    assert!(heard[0].contains("sources=the library failed: the disk is full"), "{heard:?}");
    assert_eq!(heard[0].matches("the disk is full").count(), 1, "{heard:?}");
}

#[tokio::test]
async fn a_panic_is_logged_with_what_it_says() {
    events::listen();
    let handler = get(async || -> &'static str { panic!("the secret is {}", 42) });
    let service = Service::of(Router::new().route("/", handler).layer(ErrorLayer::new()));
    let answer = service.get("/").await;
    let heard = events::heard();
    let heard: Vec<_> = heard.iter().filter(|line| line.contains("a handler panicked")).collect();
    assert!(heard.len() == 1 && heard[0].contains("panic=the secret is 42"), "{heard:?}");
    assert!(!answer.body.contains("secret"));
}

#[tokio::test]
async fn whatever_is_logged_meanwhile_stands_in_the_span_of_the_request() {
    events::listen();
    let handler = get(async || {
        tokio::task::yield_now().await;
        Err::<(), _>(PaymentError::Away)
    });
    let service = Service::of(Router::new().route("/", handler).layer(ErrorLayer::new()));
    let mut request = tollgate_tests::get("/");
    request.headers_mut().insert("x-request-id", http::HeaderValue::from_static("7f9c"));
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    request.headers_mut().insert("traceparent", http::HeaderValue::from_static(trace));
    service.send(request).await;
    let within = events::heard_within();
    assert_eq!(
        within.last().unwrap(),
        "request_id=7f9c trace_id=4bf92f3577b34da6a3ce929d0e0e4736 method=GET route=/"
    );
}

/// The spans around what is logged while an error of the router is answered.
async fn spans(router: Router, path: &str) -> String {
    events::listen();
    let mut request = tollgate_tests::get(path);
    request.headers_mut().insert("x-request-id", http::HeaderValue::from_static("7f9c"));
    Service::of(router).send(request).await;
    events::heard_within().pop().unwrap()
}

fn accounts() -> Router {
    Router::new().route("/accounts/{id}", get(async || Err::<(), _>(PaymentError::Away)))
}

#[tokio::test]
async fn the_span_of_a_request_names_the_template_of_its_route() {
    let span = "request_id=7f9c method=GET route=/v1/accounts/{id}";
    let nested = Router::new().nest("/v1", accounts()).layer(ErrorLayer::new());
    assert_eq!(spans(nested, "/v1/accounts/7").await, span);
    let nowhere = async || Err::<(), _>(PaymentError::Away);
    let fallback = accounts().fallback(nowhere).layer(ErrorLayer::new());
    assert_eq!(spans(fallback, "/nowhere").await, "request_id=7f9c method=GET");
}

#[tokio::test]
async fn a_layer_within_another_makes_no_second_span() {
    let nested = Router::new().nest("/v1", accounts().layer(ErrorLayer::new()));
    let twice = nested.layer(ErrorLayer::new()).layer(ErrorLayer::new());
    assert_eq!(spans(twice, "/v1/accounts/7").await, "request_id=7f9c method=GET route=/v1/accounts/{id}");
}

#[tokio::test]
async fn who_asked_for_the_id_outside_of_the_layer_takes_no_span_away() {
    let asks =
        axum::middleware::from_fn(async |_: RequestId, request: Request, next: Next| next.run(request).await);
    let outside = accounts().layer(ErrorLayer::new()).layer(asks.clone());
    let span = "request_id=7f9c method=GET route=/accounts/{id}";
    assert_eq!(spans(outside, "/accounts/7").await, span);
    let between = accounts().layer(ErrorLayer::new()).layer(asks).layer(ErrorLayer::new());
    assert_eq!(spans(between, "/accounts/7").await, span);
}

#[tokio::test]
async fn an_error_without_sources_is_logged_without_them() {
    let (logged, _) = answered(|| PaymentError::Away).await;
    assert!(logged.len() == 1 && !logged[0].contains("sources"), "{logged:?}");
}

#[tokio::test]
async fn a_service_whose_errors_have_a_shape_is_complete_with_the_layer() {
    #[tollgate::with_metrics]
    async fn away() -> Result<(), PaymentError> {
        Err(PaymentError::Away)
    }

    events::listen();
    let router = Router::new().route("/", get(away)).layer(ErrorLayer::new());
    let settings = Tollgate::builder().error_shape(Envelope);
    Service::with(settings, router).get("/").await;
    let heard = events::heard();
    assert!(!heard.iter().any(|line| line.contains("no `ErrorLayer`")), "{heard:?}");
}
