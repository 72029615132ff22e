//! The OpenAPI document tells who may, and by which scheme to say who one is.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and handlers and helpers have none

use http::{HeaderName, StatusCode};
use serde_json::{Value, json};
use tollgate::{
    ApiKeys, AuthScheme, BearerTokens, FromExtension, Principal, Refusal, RequestFacts, Tollgate,
    TollgateBuilder, authorize, rate_limited, with_metrics,
};
use tollgate_tests::Service;
use utoipa::openapi::OpenApi as Document;
use utoipa::{Modify, OpenApi};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

fn is_ada(principal: &Principal, _: &RequestFacts<'_>) -> bool {
    principal.subject() == "ada"
}

/// One airport.
#[utoipa::path(get, path = "/airport", responses((status = 200)))]
#[rate_limited("100/minute")]
#[rate_limited("10/minute", key = principal)]
#[authorize]
async fn airport() {}

/// Renames an airport.
#[authorize(any_role = ["editor", "owner"], scope = "airports:write", check = is_ada)]
#[utoipa::path(put, path = "/airport", responses((status = 204)))]
#[with_metrics]
async fn rename() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Searches airports.
#[utoipa::path(get, path = "/airports", responses((status = 200)))]
#[rate_limited("10/minute", key = principal, missing = reject)]
async fn search() {}

/// Whether the service is up.
#[utoipa::path(get, path = "/health", responses((status = 204)))]
async fn health() {}

#[derive(OpenApi)]
#[openapi(info(title = "Airports", description = "Who may.", version = "1"))]
struct Base;

fn service() -> OpenApiRouter {
    OpenApiRouter::with_openapi(Base::openapi())
        .routes(routes!(airport, rename))
        .routes(routes!(search))
        .routes(routes!(health))
}

async fn look_up(_: String) -> Result<Option<Principal>, Refusal> {
    Ok(None)
}

fn bearer() -> TollgateBuilder {
    Tollgate::builder().principal(BearerTokens::new([("ada", Principal::new("ada"))]))
}

/// The document, completed by a `Tollgate` with these settings.
fn completed(settings: TollgateBuilder, document: Document) -> Value {
    serde_json::to_value(settings.build().unwrap().openapi(document)).unwrap()
}

#[test]
fn a_document_of_guarded_handlers() {
    let document = completed(bearer(), service().into_openapi());
    insta::assert_snapshot!(serde_json::to_string_pretty(&document).unwrap());
}

#[test]
fn the_scheme_is_that_of_the_resolver() {
    fn anybody(_: &String) -> Option<Principal> {
        None
    }
    let claims = || FromExtension::new(anybody);
    let header = AuthScheme::ApiKey(HeaderName::from_static("x-key"));
    let builder = Tollgate::builder;
    for (settings, name, scheme) in [
        (bearer(), "bearerAuth", json!({ "type": "http", "scheme": "bearer" })),
        (builder().principal(claims()), "bearerAuth", json!({ "type": "http", "scheme": "bearer" })),
        (
            builder().principal(ApiKeys::new("x-api-key", look_up)),
            "apiKeyAuth",
            json!({ "type": "apiKey", "in": "header", "name": "x-api-key" }),
        ),
        (
            builder().principal(claims().announced_as(header)),
            "apiKeyAuth",
            json!({ "type": "apiKey", "in": "header", "name": "x-key" }),
        ),
        (
            builder().principal(claims().announced_as(AuthScheme::Basic)),
            "basicAuth",
            json!({ "type": "http", "scheme": "basic" }),
        ),
        (
            builder().principal(claims().announced_as(AuthScheme::Cookie("sid"))),
            "cookieAuth",
            json!({ "type": "apiKey", "in": "cookie", "name": "sid" }),
        ),
    ] {
        let document = completed(settings, service().into_openapi());
        let mut schemes = json!({});
        schemes[name] = scheme;
        assert_eq!(document["components"]["securitySchemes"], schemes);
        assert_eq!(document["paths"]["/airport"]["get"]["security"], json!([{ name: [] }]));
        assert_eq!(document["paths"]["/airport"]["put"]["security"], json!([{ name: [] }]));
    }
}

#[test]
fn it_is_added_to_the_operations_that_authorize_protects_and_to_no_other() {
    let document = completed(bearer(), service().into_openapi());
    for path in ["/airports", "/health"] {
        assert_eq!(document["paths"][path]["get"]["security"], Value::Null, "{path}");
    }
    let open = OpenApiRouter::<()>::with_openapi(Base::openapi()).routes(routes!(health)).into_openapi();
    assert_eq!(completed(bearer(), open)["components"]["securitySchemes"], Value::Null);
}

#[test]
fn without_a_resolver_there_is_no_scheme() {
    let document = completed(Tollgate::builder(), service().into_openapi());
    assert_eq!(document["components"]["securitySchemes"], Value::Null);
    assert_eq!(document["paths"]["/airport"]["get"]["security"], Value::Null);
    assert!(document["paths"]["/airport"]["get"]["responses"]["401"].is_object());
}

#[test]
fn a_document_is_completed_once_however_often() {
    let tollgate = bearer().build().unwrap();
    let once = tollgate.openapi(service().into_openapi());
    assert!(tollgate.openapi(once.clone()) == once);
}

#[test]
fn a_401_is_documented_with_the_challenge_of_the_resolver() {
    let document = completed(
        Tollgate::builder().principal(ApiKeys::new("x-api-key", look_up)),
        service().into_openapi(),
    );
    for operation in ["~1airport/get", "~1airport/put", "~1airports/get"] {
        let challenge = &response(&document, operation, "401")["headers"]["WWW-Authenticate"];
        assert_eq!(challenge["example"], "ApiKey header=\"x-api-key\"", "{operation}");
    }
}

/// All of it is written by the user.
#[authorize(role = "editor")]
#[utoipa::path(get, path = "/written", security(("oauth" = ["write"])), responses(
    (status = 200),
    (status = 401, description = "my own refusal", body = String),
    (status = 403, description = "my own absence of rights"),
))]
async fn written() {}

/// For everybody, says its author.
#[authorize]
#[utoipa::path(get, path = "/open", security(()), responses((status = 200)))]
async fn open() {}

#[test]
fn what_the_user_wrote_stays() {
    let router = OpenApiRouter::<()>::new().routes(routes!(written)).routes(routes!(open));
    let document = completed(bearer(), router.into_openapi());
    let operation = &document["paths"]["/written"]["get"];
    assert_eq!(operation["security"], json!([{ "oauth": ["write"] }]));
    assert_eq!(document["paths"]["/open"]["get"]["security"], json!([{}]));
    let responses = &operation["responses"];
    assert_eq!(responses["401"]["description"], "my own refusal");
    assert!(responses["401"]["content"]["text/plain"].is_object(), "{responses:#}");
    assert!(responses["401"]["content"]["application/problem+json"].is_null(), "{responses:#}");
    assert!(responses["401"]["headers"]["WWW-Authenticate"].is_object(), "{responses:#}");
    assert_eq!(responses["403"]["description"], "my own absence of rights");
    assert!(responses["403"]["content"]["application/problem+json"].is_object(), "{responses:#}");
}

/// Says for the whole document how to authenticate.
struct Everywhere;

impl Modify for Everywhere {
    fn modify(&self, document: &mut Document) {
        document.security = serde_json::from_value(json!([{ "oauth": ["read"] }])).unwrap();
    }
}

#[test]
fn a_scheme_that_the_user_wrote_for_the_whole_document_holds_for_every_operation() {
    let mut document = service().into_openapi();
    Everywhere.modify(&mut document);
    let document = completed(bearer(), document);
    assert_eq!(document["security"], json!([{ "oauth": ["read"] }]));
    for method in ["get", "put"] {
        assert_eq!(document["paths"]["/airport"][method]["security"], Value::Null);
    }
    assert_eq!(document["components"]["securitySchemes"], Value::Null);
}

#[test]
fn a_scheme_of_that_name_that_the_user_defined_stays() {
    let mut document = service().into_openapi();
    let mine = json!({ "bearerAuth": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" } });
    document.components.as_mut().unwrap().security_schemes = serde_json::from_value(mine.clone()).unwrap();
    assert_eq!(completed(bearer(), document)["components"]["securitySchemes"], mine);
}

/// What an operation says of a status.
fn response(document: &Value, operation: &str, status: &str) -> Value {
    let response = document.pointer(&format!("/paths/{operation}/responses/{status}")).unwrap();
    response.clone()
}

#[tokio::test]
async fn the_document_says_what_is_sent() {
    let (router, document) = service().split_for_parts();
    let service = Service::with(bearer(), router);
    let document = serde_json::to_value(document).unwrap();
    let put = || tollgate_tests::request(http::Method::PUT, "/airport");
    let ada = || {
        let mut request = put();
        request.headers_mut().insert("authorization", http::HeaderValue::from_static("Bearer ada"));
        request
    };
    for (request, operation, status) in [
        (tollgate_tests::get("/airport"), "~1airport/get", "401"),
        (put(), "~1airport/put", "401"),
        (ada(), "~1airport/put", "403"),
        (tollgate_tests::get("/airports"), "~1airports/get", "401"),
    ] {
        let answer = service.send(request).await;
        assert_eq!(answer.status.as_str(), status);
        let documented = response(&document, operation, status);
        assert_eq!(
            documented["content"]["application/problem+json"]["example"],
            answer.json(),
            "{operation}"
        );
        let mut sent: Vec<_> = answer.headers.keys().map(HeaderName::as_str).collect();
        sent.retain(|name| !name.starts_with("content-"));
        sent.sort_unstable();
        let mut told: Vec<_> = documented["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.to_lowercase())
            .collect();
        told.sort_unstable();
        assert_eq!(told, sent, "{operation} {status}");
    }
}

mod variants {
    use super::{StatusCode, authorize, rate_limited};

    #[utoipa::path(get, path = "/role", responses((status = 200)))]
    #[authorize(role = "editor")]
    pub(super) async fn role() {}

    #[utoipa::path(get, path = "/scope", responses((status = 200)))]
    #[authorize(scope = "airports:write")]
    pub(super) async fn scope() {}

    #[utoipa::path(get, path = "/check", responses((status = 200)))]
    #[authorize(check = super::is_ada)]
    pub(super) async fn check() {}

    #[utoipa::path(get, path = "/tuple", responses((status = 200)))]
    #[rate_limited("1/minute", key = (principal, header("x-tenant")), missing = reject)]
    pub(super) async fn tuple() -> StatusCode {
        StatusCode::OK
    }

    #[utoipa::path(get, path = "/behind", responses((status = 200)))]
    #[rate_limited("1/minute", key = principal)]
    #[authorize(role = "editor")]
    pub(super) async fn behind() {}

    #[utoipa::path(get, path = "/shadow", responses((status = 200)))]
    #[rate_limited("1/minute", key = principal, missing = reject, shadow)]
    pub(super) async fn shadow() {}
}

#[test]
fn a_403_tells_what_is_asked_for() {
    let router = OpenApiRouter::<()>::new()
        .routes(routes!(variants::role))
        .routes(routes!(variants::scope))
        .routes(routes!(variants::check));
    let document = serde_json::to_value(router.into_openapi()).unwrap();
    for (path, description, detail) in [
        ("role", "role editor", "this needs the role \"editor\""),
        ("scope", "scope airports:write", "this needs the scope \"airports:write\""),
        ("check", "own check", "these credentials do not allow this"),
    ] {
        let forbidden = response(&document, &format!("~1{path}/get"), "403");
        assert_eq!(forbidden["description"], format!("The principal may not do this: {description}."));
        assert_eq!(forbidden["content"]["application/problem+json"]["example"]["detail"], detail);
    }
}

/// The statuses that an operation documents.
fn statuses(document: &Value, path: &str) -> Vec<String> {
    document["paths"][path]["get"]["responses"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn a_key_by_principal_documents_what_its_absence_is_answered_with() {
    let router = OpenApiRouter::<()>::new()
        .routes(routes!(variants::tuple))
        .routes(routes!(variants::shadow))
        .routes(routes!(search));
    let document = serde_json::to_value(router.into_openapi()).unwrap();
    assert_eq!(statuses(&document, "/airports"), ["200", "401", "429"]);
    assert_eq!(statuses(&document, "/tuple"), ["200", "400", "401", "429"]);
    assert_eq!(statuses(&document, "/shadow"), ["200"]);
    assert!(response(&document, "~1airports/get", "401")["headers"]["WWW-Authenticate"].is_object());
}

#[test]
fn who_is_refused_in_front_of_all_limits_is_documented_without_their_fields() {
    let router = OpenApiRouter::<()>::new().routes(routes!(variants::behind));
    let document = serde_json::to_value(router.into_openapi()).unwrap();
    for (status, is_there) in [("200", true), ("401", false), ("403", false), ("429", true)] {
        let headers = &response(&document, "~1behind/get", status)["headers"];
        assert_eq!(headers["RateLimit"].is_object(), is_there, "{status}");
    }
}

#[test]
fn what_is_guarded_counts_as_protected() {
    let document = service().into_openapi();
    let unprotected = |settings: TollgateBuilder| {
        let inventory = settings.build().unwrap().inventory_of(&document);
        let paths =
            inventory.unprotected().map(|operation| format!("{} {}", operation.method, operation.path));
        paths.collect::<Vec<_>>()
    };
    assert_eq!(unprotected(Tollgate::builder()), ["GET /health"]);
    let disabled = Tollgate::builder().disable(tollgate::Policy::Authorize);
    assert_eq!(unprotected(disabled), ["PUT /airport", "GET /health"]);
}
