//! A refused call as the answer of a handler, and as a variant of an error.

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::StatusCode;
use tollgate::{ApiError, Rejected, Tollgate, call, with_metrics};
use tollgate_tests::{Answer, get as request, send};
use utoipa::OpenApi;

use crate::support::tollgate;

#[derive(Debug, thiserror::Error, ApiError)]
enum WeatherError {
    /// There is no such station.
    #[error("there is no station {0}")]
    #[api_error(status = 404, code = "station_not_found")]
    NotFound(String),
    #[error(transparent)]
    #[api_error(transparent)]
    Refused(#[from] Rejected),
}

#[call::rate_limited("2/minute", key = "{station}", name = "answers::weather")]
async fn weather(station: &str) -> Result<String, WeatherError> {
    if station == "nowhere" {
        return Err(WeatherError::NotFound(station.to_owned()));
    }
    Ok(format!("rain over {station}"))
}

#[with_metrics]
#[utoipa::path(get, path = "/weather", responses((status = 200, body = String)))]
async fn handler() -> Result<String, WeatherError> {
    weather("cdg").await
}

async fn missing() -> Result<String, WeatherError> {
    weather("nowhere").await
}

#[call::rate_limited("1/minute")]
async fn plain() -> Result<&'static str, Rejected> {
    Ok("plain")
}

async fn rejected() -> Result<&'static str, Rejected> {
    plain().await
}

async fn ask(tollgate: &Tollgate, path: &str) -> Answer {
    let router = Router::new()
        .route("/weather", get(handler))
        .route("/missing", get(missing))
        .route("/rejected", get(rejected));
    tollgate.scope(async { send(&router, request(path)).await }).await
}

#[tokio::test]
async fn a_refused_call_is_a_429_that_says_when_to_come_back() {
    let (tollgate, _clock) = tollgate();
    for _ in 0..2 {
        assert_eq!(ask(&tollgate, "/weather").await.body, "rain over cdg");
    }
    let refused = ask(&tollgate, "/weather").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.field("retry-after"), "30");
    assert_eq!(refused.field("content-type"), "application/problem+json");
    let problem = refused.json();
    assert_eq!(problem["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
    assert_eq!(problem["code"], "quota_exceeded");
    assert_eq!(problem["detail"], "the rate limit admits no more at the moment: try again in 30 seconds");
    assert!(!refused.body.contains("answers::weather"), "the name of the function is nobody's business");
}

#[tokio::test]
async fn other_errors_are_what_they_were() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(ask(&tollgate, "/missing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_rejection_is_an_answer_by_itself() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(ask(&tollgate, "/rejected").await.body, "plain");
    let refused = ask(&tollgate, "/rejected").await;
    assert_eq!((refused.status.as_u16(), refused.field("retry-after")), (429, "60"));
}

#[tokio::test]
async fn a_rejection_says_which_policy_of_which_function() {
    let (tollgate, _clock) = tollgate();
    let rejected = tollgate
        .scope(async {
            let _ = (weather("a").await, weather("a").await);
            weather("a").await.unwrap_err()
        })
        .await;
    let WeatherError::Refused(rejected) = rejected else { panic!("{rejected:?}") };
    assert_eq!((rejected.site(), rejected.policy().attribute()), ("answers::weather", "rate_limited"));
    assert_eq!(rejected.clone().into_response().status(), 429);
    assert!(std::error::Error::source(&rejected).is_none());
}

#[derive(OpenApi)]
#[openapi(paths(handler))]
struct Document;

#[test]
fn documents_show_429_and_503() {
    let document = Tollgate::builder().build().unwrap().openapi(Document::openapi());
    let document = serde_json::to_value(&document).unwrap();
    let responses = &document["paths"]["/weather"]["get"]["responses"];
    for status in ["200", "404", "429", "503"] {
        assert!(responses[status].is_object(), "{status}: {responses}");
    }
    assert!(responses["429"]["headers"]["Retry-After"].is_object(), "{responses}");
    assert!(responses["503"].to_string().contains("quota_unknown"), "{responses}");
}

#[test]
fn the_catalogue_lists_what_a_call_can_be_refused_with() {
    let catalogue = Tollgate::builder().build().unwrap().catalogue();
    let statuses = ["quota_exceeded", "quota_unknown"].map(|code| catalogue.get(code).unwrap().kind.status());
    assert_eq!(statuses, [429, 503]);
}
