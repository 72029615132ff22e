//! The 429: its problem, to the letter.

use axum::Router;
use axum::routing::get;
use http::{Method, StatusCode};
use tollgate::rate_limited;
use tollgate_tests::{Answer, Service};

use crate::support::service;

const OPENING: &str = concat!(
    r#"{"type":"https://iana.org/assignments/http-problem-types#quota-exceeded","#,
    r#""title":"Quota exceeded","status":429"#
);

/// The first refusal of a service.
async fn refusal(service: &Service) -> Answer {
    for _ in 0..100 {
        let answer = service.get("/").await;
        if answer.status != StatusCode::OK {
            return answer;
        }
    }
    panic!("no request was refused")
}

/// Holds what refusals of handlers with these limits say: detail, violated policies, time to wait.
macro_rules! refusals {
    ($($(#[$limit:meta])+ => $detail:literal, $violated:literal, $wait:literal;)+) => {$({
        $(#[$limit])+
        async fn limited() {}
        let refused = refusal(&service(get(limited))).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.field("content-type"), "application/problem+json");
        let detail = serde_json::json!($detail);
        let body = format!("{OPENING},\"detail\":{detail},\"violated-policies\":{}}}", $violated);
        assert_eq!(refused.body, body);
        assert_eq!(refused.field("retry-after"), $wait);
    })+};
}

#[tokio::test]
async fn a_refusal_is_a_problem_that_tells_what_to_do() {
    refusals! {
        #[rate_limited("2/minute")]
            => "the rate limit admits 2 per minute: try again in 30 seconds", r#"["default"]"#, "30";
        #[rate_limited("1/second")]
            => "the rate limit admits 1 per second: try again in 1 second", r#"["default"]"#, "1";
        #[rate_limited("10/250ms")]
            => "the rate limit admits 10 per 250ms: try again in 1 second", r#"["default"]"#, "1";
        #[rate_limited("10/5 minutes", cost = 4)]
            => "the rate limit admits 10 per 5m: try again in 60 seconds", r#"["default"]"#, "60";
        #[rate_limited("2/minute", burst = 3)]
            => "the rate limit admits 2 per minute, burst 3: try again in 30 seconds", r#"["default"]"#, "30";
        #[rate_limited("1/365 days")]
            => "the rate limit admits 1 per 365d: try again in 31536000 seconds", r#"["default"]"#, "31536000";
    }
}

#[tokio::test]
async fn a_refusal_names_every_rate_that_refuses_and_no_other() {
    refusals! {
        #[rate_limited("1/second", "5/minute")]
            => "the rate limit \"second\" admits 1 per second: try again in 1 second", r#"["second"]"#, "1";
        #[rate_limited("3/second", "3/minute", "4/hour")]
            => "the rate limit \"second\" admits 3 per second: try again in 1 second; \
                the rate limit \"minute\" admits 3 per minute: try again in 20 seconds",
               r#"["second","minute"]"#, "20";
        #[rate_limited("2/minute", key = global)]
        #[rate_limited("3/hour")]
            => "the rate limit \"global-minute\" admits 2 per minute: try again in 30 seconds",
               r#"["global-minute"]"#, "30";
        #[rate_limited("2/hour", key = global)]
        #[rate_limited("5/second", "2/minute")]
            => "the rate limit \"ip-minute\" admits 2 per minute: try again in 30 seconds; \
                the rate limit \"global-hour\" admits 2 per hour: try again in 1800 seconds",
               r#"["ip-minute","global-hour"]"#, "1800";
    }
}

#[rate_limited("1/minute")]
async fn once() {}

#[tokio::test]
async fn a_refused_head_request_has_the_same_head_and_no_body() {
    let service = Service::of(Router::new().route("/", get(once)));
    service.get("/").await;
    let [get, head] = [Method::GET, Method::HEAD].map(|method| tollgate_tests::request(method, "/"));
    let (get, head) = (service.send(get).await, service.send(head).await);
    assert_eq!(head.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!((head.headers, head.body.as_str()), (get.headers, ""));
}

#[tokio::test]
async fn a_problem_is_sent_whatever_the_client_accepts() {
    let service = service(get(once));
    service.get("/").await;
    for accept in ["text/html", "image/png", "application/json;q=0", ""] {
        let refused = service.send(crate::support::with("accept", accept)).await;
        assert_eq!(refused.field("content-type"), "application/problem+json", "{accept}");
        assert_eq!(refused.json()["status"], 429);
    }
}

#[tokio::test]
async fn refusals_differ_in_nothing_but_the_time() {
    let service = service(get(once));
    service.get("/").await;
    let [one, other] = [service.get("/").await, service.get("/").await];
    assert_eq!((one.headers, one.body), (other.headers, other.body));
}
