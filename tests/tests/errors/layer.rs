//! Problems are completed on their way out.

use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method};
use serde_json::json;
use tollgate::{ErrorLayer, Problem};
use tollgate_tests::{Service, get as get_path, request};

use crate::support::{TRACE, routes, service, traced};

#[tokio::test]
async fn a_problem_tells_its_instance_request_and_trace() {
    let answer = service().send(traced("/missing?token=secret")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.field("content-type"), "application/problem+json");
    assert_eq!(
        answer.json(),
        json!({
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "there is no airport QQQ",
            "instance": "/missing",
            "code": "airport_not_found",
            "iata": "QQQ",
            "request_id": "7f9c",
            "trace_id": TRACE,
        })
    );
}

#[tokio::test]
async fn the_members_come_in_the_order_of_the_standard() {
    let body = service().send(traced("/missing")).await.body;
    let places = ["type", "title", "status", "detail", "instance", "code", "iata", "request_id", "trace_id"]
        .map(|name| body.find(&format!("\"{name}\":")).unwrap());
    assert!(places.is_sorted(), "{body}");
}

#[tokio::test]
async fn a_refusal_of_a_policy_is_completed_as_well() {
    let service = service();
    assert_eq!(service.get("/limited").await.status, StatusCode::OK);
    let refused = service.send(traced("/limited")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        (refused.json()["instance"].as_str(), refused.json()["request_id"].as_str()),
        (Some("/limited"), Some("7f9c"))
    );
    assert_eq!(refused.field("retry-after"), "60");
}

#[tokio::test]
async fn what_a_guarded_handler_answers_is_completed_as_well() {
    let answer = service().send(traced("/guarded")).await;
    assert_eq!(answer.json()["request_id"], "7f9c");
    assert!(!answer.rate_limit().is_empty());
}

#[tokio::test]
async fn the_instance_is_the_path_that_was_asked_for_also_below_a_nested_router() {
    assert_eq!(service().get("/v1/missing").await.json()["instance"], "/v1/missing");
}

#[tokio::test]
async fn without_a_trace_there_is_no_member_for_it() {
    let problem = service().get("/missing").await.json();
    assert_eq!(problem.get("trace_id"), None);
    assert!(problem["request_id"].is_string());
}

#[tokio::test]
async fn without_the_layer_a_problem_is_sent_as_it_is() {
    let answer = Service::of(routes()).send(traced("/missing")).await;
    assert_eq!(answer.json().get("instance"), None);
    assert_eq!(answer.field("x-request-id"), "");
    assert_eq!(answer.json()["code"], "airport_not_found");
}

#[tokio::test]
async fn one_layer_within_another_changes_nothing() {
    let twice = Service::of(routes().layer(ErrorLayer::new()).layer(ErrorLayer::new()));
    let once = service();
    let (by_one, by_two) = (once.send(traced("/missing")).await, twice.send(traced("/missing")).await);
    assert_eq!((by_one.body, by_one.headers), (by_two.body, by_two.headers));
}

#[tokio::test]
async fn a_status_that_was_put_in_front_is_the_one_that_the_body_tells() {
    let handler = async || (StatusCode::GONE, Problem::new(StatusCode::NOT_FOUND));
    let service = Service::of(Router::new().route("/", get(handler)).layer(ErrorLayer::new()));
    let answer = service.get("/").await;
    assert_eq!((answer.status, answer.json()["status"].as_u64()), (StatusCode::GONE, Some(410)));
}

#[tokio::test]
async fn fields_of_a_problem_and_fields_beside_it_stay() {
    let handler = async || {
        ([("x-shop", "open")], Problem::new(StatusCode::CONFLICT).header(http::header::RETRY_AFTER, 7.into()))
    };
    let service = Service::of(Router::new().route("/", get(handler)).layer(ErrorLayer::new()));
    let answer = service.get("/").await;
    assert_eq!((answer.field("x-shop"), answer.field("retry-after")), ("open", "7"));
}

#[tokio::test]
async fn a_body_that_somebody_has_put_in_the_place_of_the_problem_stays() {
    async fn page(response: Response) -> Response {
        let (mut head, _) = response.into_parts();
        head.headers.remove(CONTENT_TYPE);
        head.headers.remove(CONTENT_LENGTH);
        (head, Html("<h1>no</h1>")).into_response()
    }
    let routes = routes().layer(axum::middleware::map_response(page)).layer(ErrorLayer::new());
    let answer = Service::of(routes).get("/missing").await;
    assert_eq!(
        (answer.body.as_str(), answer.field("content-type")),
        ("<h1>no</h1>", "text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn a_problem_that_was_encoded_is_written_anew_without_encoding() {
    async fn encoded(mut response: Response) -> Response {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        response.headers_mut().insert(CONTENT_LENGTH, 3.into());
        *response.body_mut() = Body::from("zip");
        response
    }
    let routes = routes().layer(axum::middleware::map_response(encoded)).layer(ErrorLayer::new());
    let answer = Service::of(routes).send(traced("/missing")).await;
    assert_eq!((answer.json()["request_id"].as_str(), answer.field("content-encoding")), (Some("7f9c"), ""));
    assert_eq!(answer.field("content-length"), answer.body.len().to_string());
}

#[tokio::test]
async fn a_head_request_is_told_the_length_and_no_body() {
    let service = service();
    let mut head = traced("/missing");
    *head.method_mut() = Method::HEAD;
    let (head, get) = (service.send(head).await, service.send(traced("/missing")).await);
    assert_eq!((head.status, head.body.as_str()), (StatusCode::NOT_FOUND, ""));
    assert_eq!(head.field("content-length"), get.body.len().to_string());
    assert_eq!(head.field("content-type"), get.field("content-type"));
}

#[tokio::test]
async fn what_is_no_error_passes_untouched() {
    let answer = service().get("/fine").await;
    assert_eq!((answer.body.as_str(), answer.field("content-type")), ("fine", "text/plain; charset=utf-8"));
}

#[tokio::test]
async fn errors_of_the_users_own_making_pass_untouched() {
    let handler = async || (StatusCode::NOT_FOUND, "no such thing");
    let service = Service::of(Router::new().route("/", get(handler)).layer(ErrorLayer::new()));
    assert_eq!(service.get("/").await.body, "no such thing");
    assert_eq!(
        service.send(request(Method::GET, "/")).await.field("content-type"),
        "text/plain; charset=utf-8"
    );
    assert_eq!(service.send(get_path("/")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_head_of_the_users_own_error_keeps_the_length_of_its_body() {
    let routes = Router::new()
        .route("/text", get(async || (StatusCode::NOT_FOUND, "no such thing")))
        .route("/long", get(async || (StatusCode::PAYLOAD_TOO_LARGE, "far too much of it ".repeat(9))));
    let service = Service::of(routes.layer(ErrorLayer::new()));
    for (path, length) in [("/text", "13"), ("/long", "171")] {
        let (head, get) = (service.send(request(Method::HEAD, path)).await, service.get(path).await);
        assert_eq!((head.field("content-length"), get.field("content-length")), (length, length), "{path}");
        assert_eq!(head.field("content-type"), get.field("content-type"), "{path}");
    }
}

#[tokio::test]
async fn a_member_takes_the_place_of_none_that_problems_have_and_is_there_once() {
    let handler = async || {
        let problem = Problem::new(StatusCode::NOT_FOUND).member("seat", 1).member("seat", 2);
        let names =
            ["type", "title", "status", "detail", "instance", "code", "errors", "request_id", "trace_id"];
        names.into_iter().fold(problem, |problem, name| problem.member(name, "mine"))
    };
    let service = Service::of(Router::new().route("/", get(handler)).layer(ErrorLayer::new()));
    let answer = service.send(traced("/")).await;
    assert!(!answer.body.contains("mine"), "{}", answer.body);
    assert_eq!((answer.body.matches("seat").count(), &answer.json()["seat"]), (1, &json!(2)));
}

#[tokio::test]
async fn a_problem_says_by_itself_how_it_is_to_be_read() {
    let handler = async || {
        let problem = Problem::new(StatusCode::NOT_FOUND).header(CONTENT_LENGTH, 5.into());
        problem
            .header(http::header::TRANSFER_ENCODING, HeaderValue::from_static("chunked"))
            .header(CONTENT_ENCODING, HeaderValue::from_static("gzip"))
    };
    let answer = Service::of(Router::new().route("/", get(handler))).get("/").await;
    assert_eq!(answer.field("content-length"), answer.body.len().to_string());
    assert_eq!((answer.field("transfer-encoding"), answer.field("content-encoding")), ("", ""));
}
