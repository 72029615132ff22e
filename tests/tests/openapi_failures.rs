//! What documents say of circuit breakers, bulkheads and timeouts: their 503 and 504 beside those of others, and none behind a fallback.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the helpers have none

use axum::extract::Path;
use serde_json::{Value, json};
use thiserror::Error;
use tollgate::{
    ApiError, BearerTokens, Principal, Tollgate, authorize, bulkhead, circuit_breaker, fallback,
    rate_limited, timeout,
};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(Debug, Error, ApiError)]
enum WeatherError {
    /// No station has this code.
    #[error("there is no station {station}")]
    #[api_error(status = 404, code = "failures_unknown_station", extension(station))]
    Unknown { station: String },
    /// The station is being repaired.
    #[error("the station is being repaired")]
    #[api_error(status = 503, code = "failures_repaired", headers(retry_after = 0))]
    Repaired(u64),
}

fn weather_of(station: String) -> Result<String, WeatherError> {
    match station.as_str() {
        "XXX" => Err(WeatherError::Repaired(60)),
        "QQQ" => Err(WeatherError::Unknown { station }),
        _ => Ok(station),
    }
}

#[allow(clippy::unused_async, reason = "a fallback is a handler, and those are async")]
async fn no_weather() -> &'static str {
    "nobody knows"
}

/// The weather at a station.
#[utoipa::path(get, path = "/weather/{station}", params(("station" = String, Path)), responses((status = 200, body = String)))]
#[rate_limited("100/minute")]
#[authorize(role = "pilot")]
#[circuit_breaker(open_for = "1500ms")]
#[bulkhead(max_concurrent = 8)]
#[timeout("2s")]
async fn weather(Path(station): Path<String>) -> Result<String, WeatherError> {
    weather_of(station)
}

/// The same, or that nobody knows.
#[utoipa::path(get, path = "/weather/{station}/or-none", params(("station" = String, Path)), responses((status = 200, body = String)))]
#[rate_limited("100/minute")]
#[authorize(role = "pilot")]
#[fallback(no_weather)]
#[circuit_breaker(open_for = "1500ms")]
#[bulkhead(max_concurrent = 8)]
#[timeout("2s")]
async fn weather_or_none(Path(station): Path<String>) -> Result<String, WeatherError> {
    weather_of(station)
}

#[utoipa::path(get, path = "/open", responses((status = 200)))]
#[circuit_breaker]
async fn open() {}

#[utoipa::path(get, path = "/full", responses((status = 200)))]
#[bulkhead(max_concurrent = 8, queue = 4, wait = "1s")]
async fn full() {}

#[utoipa::path(get, path = "/late", responses((status = 200)))]
#[timeout("2s")]
async fn late() {}

#[utoipa::path(get, path = "/told", responses((status = 200)))]
#[circuit_breaker(mode = metrics_only)]
async fn told() {}

#[utoipa::path(get, path = "/closed", responses((status = 200)))]
#[rate_limited("100/minute", on_store_error = closed)]
#[circuit_breaker]
#[timeout("2s")]
async fn closed() {}

#[utoipa::path(get, path = "/closed-or-none", responses((status = 200)))]
#[rate_limited("100/minute", on_store_error = closed)]
#[fallback(no_weather)]
#[circuit_breaker]
#[timeout("2s")]
async fn closed_or_none() {}

#[utoipa::path(get, path = "/written", responses(
    (status = 200),
    (status = 503, description = "my own words", body = String),
    (status = 504, description = "my own lateness"),
))]
#[circuit_breaker]
#[bulkhead(max_concurrent = 8)]
#[timeout("2s")]
async fn written() {}

#[derive(OpenApi)]
#[openapi(info(title = "Weather", description = "What may fail.", version = "1"))]
struct Base;

fn completed(router: OpenApiRouter) -> Value {
    let tollgate =
        Tollgate::builder().principal(BearerTokens::new([("ada", Principal::new("ada"))])).build().unwrap();
    serde_json::to_value(tollgate.openapi(router.into_openapi())).unwrap()
}

fn base() -> OpenApiRouter {
    OpenApiRouter::with_openapi(Base::openapi())
}

fn document() -> Value {
    completed(
        base()
            .routes(routes!(weather))
            .routes(routes!(weather_or_none))
            .routes(routes!(open))
            .routes(routes!(full))
            .routes(routes!(late))
            .routes(routes!(told))
            .routes(routes!(closed))
            .routes(routes!(closed_or_none))
            .routes(routes!(written)),
    )
}

fn responses(path: &str) -> Value {
    document()["paths"][path]["get"]["responses"].take()
}

fn statuses(path: &str) -> Vec<String> {
    responses(path).as_object().unwrap().keys().cloned().collect()
}

/// The codes of which a response shows an example.
fn codes(response: &Value) -> Vec<String> {
    let content = &response["content"]["application/problem+json"];
    let several = content["examples"].as_object().into_iter().flatten().map(|(_, shown)| &shown["value"]);
    let shown = content.get("example").into_iter().chain(several);
    let mut codes: Vec<_> = shown.filter_map(|problem| Some(problem["code"].as_str()?.to_owned())).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn what_fails_is_documented_beside_limits_rights_and_errors() {
    let document = completed(base().routes(routes!(weather)));
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn behind_a_fallback_no_refusal_of_a_policy_is_documented() {
    let responses = responses("/weather/{station}/or-none");
    insta::assert_snapshot!(serde_json::to_string_pretty(&responses).unwrap());
}

#[test]
fn a_503_tells_all_codes_and_when_to_try_again() {
    let unavailable = &responses("/weather/{station}")["503"];
    assert_eq!(codes(unavailable), ["circuit_open", "failures_repaired", "overloaded"], "{unavailable:#}");
    assert!(unavailable["headers"]["Retry-After"].is_object(), "{unavailable:#}");
    let late = &responses("/weather/{station}")["504"];
    assert_eq!(codes(late), ["timed_out"], "{late:#}");
    assert_eq!(late["headers"]["Retry-After"], Value::Null);
}

#[test]
fn each_policy_documents_its_own_refusal_alone() {
    for (path, status, code) in
        [("/open", "503", "circuit_open"), ("/full", "503", "overloaded"), ("/late", "504", "timed_out")]
    {
        assert_eq!(statuses(path), ["200", status], "{path}");
        assert_eq!(codes(&responses(path)[status]), [code], "{path}");
    }
    assert_eq!(responses("/open")["503"]["headers"]["Retry-After"]["example"], 30);
    assert_eq!(responses("/full")["503"]["headers"], Value::Null, "nobody knows when there is room");
    assert_eq!(statuses("/told"), ["200"], "what only tells refuses nobody");
}

#[test]
fn what_a_limit_answers_without_its_store_stays_in_front_of_a_fallback() {
    assert_eq!(statuses("/closed"), ["200", "429", "503", "504"]);
    assert_eq!(statuses("/closed-or-none"), ["200", "429", "503"]);
    assert_eq!(codes(&responses("/closed")["503"]), ["circuit_open"]);
    // That of the limit has no code.
    let away = &responses("/closed-or-none")["503"];
    assert_eq!(codes(away), [""; 0], "{away:#}");
    assert_eq!(away["content"]["application/problem+json"]["example"]["status"], 503, "{away:#}");
}

#[test]
fn what_the_user_wrote_stays() {
    let responses = responses("/written");
    assert_eq!(responses["503"]["description"], "my own words");
    assert_eq!(responses["503"]["content"]["application/problem+json"], Value::Null);
    assert!(responses["503"]["headers"]["Retry-After"].is_object(), "{responses:#}");
    assert_eq!(responses["504"]["description"], "my own lateness");
    assert_eq!(codes(&responses["504"]), ["timed_out"]);
}

/// Every `$ref` within a value.
fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[test]
fn all_schemas_that_are_referred_to_are_there() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    for code in ["CircuitOpen", "Overloaded", "TimedOut", "FailuresRepaired", "FailuresUnknownStation"] {
        let reference = format!("#/components/schemas/{code}Problem");
        assert!(found.contains(&reference.as_str()), "{reference}: {found:?}");
    }
    for reference in found {
        let schema = document.pointer(reference.strip_prefix('#').unwrap());
        assert!(schema.is_some_and(|schema| *schema != json!({})), "{reference} leads nowhere");
    }
}
