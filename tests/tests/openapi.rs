//! The OpenAPI document tells what the attributes do, without a word of it being written twice.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the helpers have none

use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;
use serde_json::{Value, json};
use tollgate::openapi::Components;
use tollgate::{Tollgate, rate_limited, with_metrics};
use utoipa::openapi::OpenApi as Document;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(Serialize, ToSchema)]
struct Airport {
    iata: String,
}

/// An error that documents itself.
#[derive(Debug, utoipa::IntoResponses)]
enum AirportError {
    /// There is no such airport.
    #[response(status = NOT_FOUND)]
    Unknown,
    /// The registry is being read again.
    #[response(status = SERVICE_UNAVAILABLE, content_type = "application/problem+json")]
    Loading(#[to_schema] Refusal),
}

#[derive(Debug, Serialize, ToSchema)]
struct Refusal {
    detail: String,
}

impl IntoResponse for AirportError {
    fn into_response(self) -> Response {
        match self {
            Self::Unknown => StatusCode::NOT_FOUND.into_response(),
            Self::Loading(refusal) => (StatusCode::SERVICE_UNAVAILABLE, Json(refusal)).into_response(),
        }
    }
}

/// One airport.
///
/// By its IATA code.
#[utoipa::path(get, path = "/airports/{iata}", tag = "airports", params(("iata" = String, Path)), responses((status = 200, body = Airport)))]
#[with_metrics]
#[rate_limited("100/minute", "1000/hour", key = ip)]
#[rate_limited("5000/minute", burst = 9000, key = global)]
async fn airport(Path(iata): Path<String>) -> Result<Json<Airport>, AirportError> {
    match iata.as_str() {
        "QQQ" => Err(AirportError::Unknown),
        "XXX" => Err(AirportError::Loading(Refusal { detail: "one moment".to_owned() })),
        _ => Ok(Json(Airport { iata })),
    }
}

/// Whether the service is up.
#[utoipa::path(get, path = "/health", responses((status = 204, description = "It is.")))]
async fn health() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Adds an airport.
#[rate_limited("10/second", key = header("x-api-key"), missing = reject)]
#[utoipa::path(post, path = "/airports", tag = "airports", request_body = String, responses((status = 201)))]
async fn add(_: String) -> StatusCode {
    StatusCode::CREATED
}

/// Searches airports.
#[rate_limited("1/second", shadow)]
#[with_metrics]
#[utoipa::path(get, path = "/airports", tag = "airports", responses((status = 200, body = [String])))]
async fn search() -> Json<Vec<String>> {
    Json(Vec::new())
}

#[derive(OpenApi)]
#[openapi(info(title = "Airports", description = "One of each kind.", version = "1"))]
struct Base;

#[derive(OpenApi)]
#[openapi(
    info(title = "Airports", description = "One of each kind.", version = "1"),
    paths(airport, add, search, health)
)]
struct Bare;

#[derive(OpenApi)]
#[openapi(
    info(title = "Airports", description = "One of each kind.", version = "1"),
    paths(airport, add, search, health),
    modifiers(&Components)
)]
struct Modified;

fn service() -> OpenApiRouter {
    OpenApiRouter::with_openapi(Base::openapi())
        .routes(routes!(airport))
        .routes(routes!(search, add))
        .routes(routes!(health))
}

fn document() -> Document {
    service().into_openapi()
}

#[test]
fn a_document_of_guarded_and_bare_handlers() {
    // As a value, whose members are in order: utoipa keeps extensions in none.
    let document = serde_json::to_value(document()).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
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

fn assert_closed(document: &Document) {
    let document = serde_json::to_value(document).unwrap();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.contains(&"#/components/schemas/ProblemDetails"), "{found:?}");
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

/// A document without the empty lists of tags by which utoipa's two macros differ.
fn without_empty_tags(document: &Document) -> Value {
    let mut document = serde_json::to_value(document).unwrap();
    for operations in document["paths"].as_object_mut().unwrap().values_mut() {
        for operation in operations.as_object_mut().unwrap().values_mut() {
            let members = operation.as_object_mut().unwrap();
            members.retain(|name, value| name != "tags" || *value != json!([]));
        }
    }
    document
}

#[test]
fn routes_brings_all_schemas_that_are_referred_to() {
    assert_closed(&document());
}

#[test]
fn a_derived_document_with_our_modifier_is_that_of_the_router() {
    let (derived, routed) = (Modified::openapi(), document());
    assert_closed(&derived);
    assert_eq!(without_empty_tags(&derived), without_empty_tags(&routed));
}

#[test]
fn a_derived_document_is_completed_by_a_tollgate() {
    let bare = Bare::openapi();
    let schemas: Vec<_> = bare.components.iter().flat_map(|components| components.schemas.keys()).collect();
    assert_eq!(schemas, ["Airport"]);
    let tollgate = Tollgate::builder().build().unwrap();
    let once = tollgate.openapi(bare);
    assert_eq!(serde_json::to_value(&once).unwrap(), serde_json::to_value(Modified::openapi()).unwrap());
    let twice = tollgate.openapi(once.clone());
    assert!(twice == once, "a second time changes nothing");
}

#[test]
fn a_schema_of_the_users_is_never_replaced() {
    #[derive(OpenApi)]
    #[openapi(components(schemas(ProblemDetails)), modifiers(&Components))]
    struct Api;

    #[derive(ToSchema)]
    #[allow(dead_code)]
    struct ProblemDetails {
        mine: bool,
    }

    let document = serde_json::to_value(Api::openapi()).unwrap();
    assert!(document["components"]["schemas"]["ProblemDetails"]["properties"]["mine"].is_object());
}

/// The responses of a router's only operation.
fn responses(router: OpenApiRouter) -> Value {
    let document = serde_json::to_value(router.into_openapi()).unwrap();
    let operations = document["paths"].as_object().unwrap().values().next().unwrap();
    operations.as_object().unwrap().values().next().unwrap()["responses"].clone()
}

fn statuses(router: OpenApiRouter) -> Vec<String> {
    responses(router).as_object().unwrap().keys().cloned().collect()
}

mod errors {
    use super::{AirportError, IntoResponse, Json, StatusCode, rate_limited, with_metrics};

    type Answer<T> = Result<Json<T>, AirportError>;

    #[with_metrics]
    #[utoipa::path(get, path = "/", responses((status = 200)))]
    pub(super) async fn aliased() -> Answer<u32> {
        Ok(Json(7))
    }

    #[utoipa::path(get, path = "/", responses((status = 200)))]
    #[with_metrics]
    pub(super) async fn seen_from_below() -> Result<String, AirportError> {
        Ok(String::new())
    }

    #[with_metrics]
    #[utoipa::path(get, path = "/", responses((status = 200)))]
    pub(super) async fn undocumented() -> Result<String, StatusCode> {
        Ok(String::new())
    }

    #[with_metrics]
    #[utoipa::path(get, path = "/", responses((status = 200)))]
    pub(super) async fn no_result() -> impl IntoResponse {
        StatusCode::OK
    }

    /// All of it is written by the user.
    #[rate_limited("10/second", key = header("x-api-key"), missing = reject)]
    #[utoipa::path(get, path = "/", responses(
        (status = 200, headers(("RateLimit" = u32, description = "my own header"))),
        (status = 400, description = "my own refusal", body = String),
        (status = 404, description = "my own absence"),
        (status = 429, description = "my own limit", headers(("Retry-After" = String, description = "my own wait"))),
        (status = 503, response = MyOwn),
    ))]
    pub(super) async fn written() -> Result<String, AirportError> {
        Ok(String::new())
    }

    #[derive(utoipa::ToResponse)]
    #[response(description = "my own absence of service")]
    #[allow(dead_code)]
    pub(super) struct MyOwn(String);
}

#[test]
fn errors_of_the_return_type_are_documented_without_being_listed() {
    assert_eq!(statuses(OpenApiRouter::new().routes(routes!(errors::aliased))), ["200", "404", "503"]);
    let below = OpenApiRouter::new().routes(routes!(errors::seen_from_below));
    assert_eq!(responses(below.clone())["404"]["description"], "There is no such airport.");
    assert_eq!(statuses(below), ["200", "404", "503"]);
}

#[test]
fn errors_that_do_not_document_themselves_are_left_alone() {
    assert_eq!(statuses(OpenApiRouter::new().routes(routes!(errors::undocumented))), ["200"]);
    assert_eq!(statuses(OpenApiRouter::new().routes(routes!(errors::no_result))), ["200"]);
}

#[test]
fn what_the_user_wrote_for_a_status_is_kept() {
    let written = responses(OpenApiRouter::new().routes(routes!(errors::written)));
    let statuses: Vec<_> = written.as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["200", "400", "404", "429", "503"]);
    assert_eq!(written["200"]["headers"]["RateLimit"]["description"], "my own header");
    assert_eq!(written["400"]["description"], "my own refusal");
    assert!(written["400"]["content"]["text/plain"].is_object(), "{written:#}");
    assert!(written["400"]["content"]["application/problem+json"].is_null(), "{written:#}");
    assert_eq!(written["404"]["description"], "my own absence");
    assert_eq!(written["429"]["description"], "my own limit");
    assert_eq!(written["429"]["headers"]["Retry-After"]["description"], "my own wait");
    assert_eq!(written["503"], json!({ "$ref": "#/components/responses/MyOwn" }));
}

#[test]
fn what_the_user_did_not_write_for_a_status_is_added() {
    let written = responses(OpenApiRouter::new().routes(routes!(errors::written)));
    for status in ["200", "400", "404", "429"] {
        for field in ["RateLimit", "RateLimit-Policy"] {
            assert!(written[status]["headers"][field].is_object(), "{status} {field}");
        }
    }
    assert!(written["429"]["content"]["application/problem+json"].is_object(), "{written:#}");
}

mod deprecated {
    use super::with_metrics;

    #[deprecated]
    #[with_metrics]
    #[utoipa::path(get, path = "/first", responses((status = 200)))]
    pub(super) async fn first() {}

    #[with_metrics]
    #[deprecated]
    #[utoipa::path(get, path = "/between", responses((status = 200)))]
    pub(super) async fn between() {}

    #[utoipa::path(get, path = "/last", responses((status = 200)))]
    #[with_metrics]
    #[deprecated = "use another"]
    pub(super) async fn last() {}
}

#[test]
#[allow(deprecated)]
fn a_deprecated_handler_is_documented_as_one() {
    let router = OpenApiRouter::<()>::new()
        .routes(routes!(deprecated::first))
        .routes(routes!(deprecated::between))
        .routes(routes!(deprecated::last));
    let document = serde_json::to_value(router.into_openapi()).unwrap();
    for path in ["/first", "/between", "/last"] {
        assert_eq!(document["paths"][path]["get"]["deprecated"], true, "{path}");
    }
}

mod deep {
    pub(super) mod er {
        #[tollgate::with_metrics]
        #[utoipa::path(get, path = "/below", responses((status = 200)))]
        pub(in super::super) async fn below() {}

        #[utoipa::path(get, path = "/above", responses((status = 200)))]
        #[tollgate::with_metrics]
        pub(in super::super) async fn above() {}

        #[tollgate::with_metrics]
        #[utoipa::path(get, path = "/raw", responses((status = 200)))]
        pub(in super::super) async fn r#type() {}

        #[utoipa::path(get, path = "/match", responses((status = 200)))]
        #[tollgate::with_metrics]
        pub(in super::super) async fn r#match() {}
    }
}

#[test]
#[allow(unused_qualifications)]
fn handlers_are_named_by_paths_and_raw_identifiers() {
    #[derive(OpenApi)]
    #[openapi(paths(deep::er::below, crate::deep::er::above))]
    struct Derived;

    let router = OpenApiRouter::<()>::new()
        .routes(routes!(deep::er::below))
        .routes(routes!(crate::deep::er::above))
        .routes(routes!(self::deep::er::r#type))
        .routes(routes!(crate::deep::er::r#match));
    for (document, paths) in [
        (router.into_openapi(), &["/above", "/below", "/match", "/raw"][..]),
        (Derived::openapi(), &["/above", "/below"][..]),
    ] {
        let document = serde_json::to_value(document).unwrap();
        let operations = document["paths"].as_object().unwrap();
        assert_eq!(operations.keys().collect::<Vec<_>>(), paths);
        for operation in operations.values() {
            assert!(operation["get"]["x-tollgate-site"].is_string(), "{operation}");
        }
    }
}

#[test]
fn handlers_of_a_function_body_are_documented() {
    #[with_metrics]
    #[utoipa::path(get, path = "/below", responses((status = 200)))]
    async fn below() {}

    #[utoipa::path(get, path = "/above", responses((status = 200)))]
    #[with_metrics]
    async fn above() {}

    let router = OpenApiRouter::<()>::new().routes(routes!(below)).routes(routes!(above));
    let document = serde_json::to_value(router.into_openapi()).unwrap();
    for path in ["/below", "/above"] {
        assert!(document["paths"][path]["get"]["x-tollgate-site"].is_string(), "{path}");
    }
}

#[test]
fn a_mark_tells_sites_apart_and_names_nothing() {
    let document = serde_json::to_value(document()).unwrap();
    let mark = |path: &str, method: &str| document["paths"][path][method]["x-tollgate-site"].as_str();
    let mut marks = [mark("/airports", "get"), mark("/airports", "post"), mark("/airports/{iata}", "get")]
        .map(Option::unwrap);
    assert!(marks.iter().all(|mark| mark.len() == 16 && u64::from_str_radix(mark, 16).is_ok()), "{marks:?}");
    marks.sort_unstable();
    assert!(marks[0] != marks[1] && marks[1] != marks[2], "{marks:?}");
    assert_eq!(mark("/health", "get"), None);
}

#[tokio::test]
async fn the_document_says_what_is_sent() {
    let (router, document) = service().split_for_parts();
    let service = tollgate_tests::Service::of(router);
    let documented = serde_json::to_value(document).unwrap();
    let operation = |path: &str, method: &str| documented["paths"][path][method]["responses"].clone();

    let answer = service.get("/airports/CDG").await;
    let fields = &operation("/airports/{iata}", "get")["200"]["headers"];
    assert_eq!(fields["RateLimit-Policy"]["example"], answer.field("ratelimit-policy"));

    let answer = service.send(tollgate_tests::post("/airports", "text/plain", "CDG")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let content = &operation("/airports", "post")["400"]["content"]["application/problem+json"];
    assert_eq!(content["example"], answer.json());

    let answer = service.get("/airports").await;
    assert_eq!(answer.rate_limit(), "");
    assert_eq!(operation("/airports", "get").as_object().unwrap().keys().collect::<Vec<_>>(), ["200"]);
}

#[test]
fn errors_are_documented_beside_an_answer_that_has_no_name() {
    #[derive(Debug, thiserror::Error, tollgate::ApiError)]
    #[error("gone for good")]
    #[api_error(status = 410, code = "gone_for_good")]
    struct Gone;

    #[with_metrics]
    #[utoipa::path(get, path = "/unnamed", responses((status = 200)))]
    async fn unnamed() -> Result<impl IntoResponse, Gone> {
        Ok("")
    }

    #[derive(OpenApi)]
    #[openapi(paths(unnamed))]
    struct Api;
    let _ = unnamed;
    let document = serde_json::to_value(Api::openapi()).unwrap();
    let gone = &document["paths"]["/unnamed"]["get"]["responses"]["410"];
    assert_eq!(gone["content"]["application/problem+json"]["example"]["code"], "gone_for_good");
}

mod undescribed {
    use super::{AirportError, with_metrics};

    #[with_metrics]
    #[utoipa::path(get, path = "/guarded", responses(
        (status = 200, body = String),
        (status = 404),
        (status = "4XX"),
        (status = "default"),
    ))]
    pub(super) async fn guarded() -> Result<String, AirportError> {
        Ok(String::new())
    }

    #[utoipa::path(get, path = "/bare", responses((status = 200, body = String), (status = 418), (status = 200, body = String)))]
    pub(super) async fn bare() -> String {
        String::new()
    }
}

#[test]
fn a_response_without_description_has_the_phrase_of_its_status() {
    #[derive(OpenApi)]
    #[openapi(paths(undescribed::guarded, undescribed::bare))]
    struct Api;

    let router = OpenApiRouter::new().routes(routes!(undescribed::guarded));
    let guarded = responses(router);
    let described = |status: &str| guarded[status]["description"].clone();
    assert_eq!(described("200"), "OK");
    assert_eq!(described("404"), "There is no such airport.");
    assert_eq!(described("4XX"), "Client Error");
    assert_eq!(described("default"), "Any other answer");

    let document = Tollgate::builder().build().unwrap().openapi(Api::openapi());
    let document = serde_json::to_value(document).unwrap();
    let bare = &document["paths"]["/bare"]["get"]["responses"];
    assert_eq!(bare["200"]["description"], "OK");
    assert_eq!(bare["418"]["description"], "I'm a teapot");
    let _ = undescribed::bare;
}

#[test]
fn a_member_whose_type_holds_itself_leaves_no_reference_that_leads_nowhere() {
    #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
    struct Seat {
        row: u8,
        #[schema(no_recursion)]
        next: Option<Box<Seat>>,
    }

    #[derive(Debug, thiserror::Error, tollgate::ApiError)]
    #[error("the seat is taken")]
    #[api_error(status = 409, code = "seat_taken", extension(seat))]
    struct Taken {
        seat: Seat,
    }

    #[with_metrics]
    #[utoipa::path(get, path = "/seats", responses((status = 200)))]
    async fn seats() -> Result<(), Taken> {
        Err(Taken { seat: Seat { row: 1, next: None } })
    }

    #[derive(OpenApi)]
    #[openapi(paths(seats))]
    struct Api;
    let _ = seats;
    let tollgate = Tollgate::builder().build().unwrap();
    let document = serde_json::to_value(tollgate.openapi(Api::openapi())).unwrap();
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference} leads nowhere: {text}");
    }
    assert!(text.contains("#/components/schemas/Seat"), "{text}");
}
