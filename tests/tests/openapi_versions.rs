//! One document for each version of an API.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

use axum::Json;
use axum::extract::Path;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tollgate::{ApiVersion, Tollgate, VersionReaders, rate_limited, versioned, versions};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1", deprecated = "2026-01-01", sunset = "2026-12-31", gone)]
    V1,
    #[version("v2", default)]
    V2,
}

/// The old shape.
#[derive(Serialize, ToSchema)]
struct OldAirport {
    code: String,
    place: OldPlace,
}

/// A part of it.
#[derive(Serialize, ToSchema)]
struct OldPlace {
    city: String,
}

/// The new shape.
#[derive(Serialize, Deserialize, ToSchema)]
struct Airport {
    iata: String,
    city: String,
}

#[versioned(Version, only = V1)]
#[rate_limited("10/minute")]
#[utoipa::path(get, path = "/airports/{iata}", tag = "airports", params(("iata" = String, Path)), responses((status = 200, body = OldAirport)))]
async fn airport_v1(Path(iata): Path<String>) -> Json<OldAirport> {
    Json(OldAirport { code: iata, place: OldPlace { city: String::new() } })
}

#[utoipa::path(get, path = "/airports/{iata}", tag = "airports", params(("iata" = String, Path)), responses((status = 200, body = Airport)))]
#[versioned(Version, since = V2)]
async fn airport_v2(Path(iata): Path<String>) -> Json<Airport> {
    Json(Airport { iata, city: String::new() })
}

versions! { airport = [airport_v1, airport_v2] }

/// A runway, new in version 2.
#[derive(Serialize, ToSchema)]
struct Runway {
    name: String,
}

#[versioned(Version, since = V2)]
#[utoipa::path(get, path = "/runways", responses((status = 200, body = Runway)))]
async fn runway() -> Json<Runway> {
    Json(Runway { name: String::new() })
}

/// For all versions.
#[derive(Serialize, ToSchema)]
struct Health {
    up: bool,
}

#[utoipa::path(get, path = "/health", responses((status = 200, body = Health)))]
async fn health() -> Json<Health> {
    Json(Health { up: true })
}

#[derive(OpenApi)]
#[openapi(info(title = "Airports", version = "0"), paths(airport, runway, health))]
struct Derived;

fn collected() -> utoipa::openapi::OpenApi {
    let router: OpenApiRouter = OpenApiRouter::with_openapi(Titled::openapi())
        .routes(routes!(airport))
        .routes(routes!(runway))
        .routes(routes!(health));
    router.into_openapi()
}

#[derive(OpenApi)]
#[openapi(info(title = "Airports", version = "0"))]
struct Titled;

fn tollgate(readers: VersionReaders) -> Tollgate {
    Tollgate::builder().versions::<Version>(readers).build().unwrap()
}

fn document(version: Version) -> Value {
    let tollgate = tollgate(VersionReaders::default());
    serde_json::to_value(tollgate.openapi_for(collected(), version)).unwrap()
}

fn names(document: &Value, pointer: &str) -> Vec<String> {
    document.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect()
}

/// BEHAVIOURS 2.5/39.
#[test]
fn a_document_has_the_operations_of_its_version_and_the_types_they_use() {
    let (old, new) = (document(Version::V1), document(Version::V2));
    assert_eq!(names(&old, "/paths"), ["/airports/{iata}", "/health"]);
    assert_eq!(names(&new, "/paths"), ["/airports/{iata}", "/health", "/runways"]);
    let own = |document: &Value| {
        let mut names = names(document, "/components/schemas");
        names.retain(|name| !name.ends_with("Problem") && name != "ProblemDetails");
        names
    };
    assert_eq!(own(&old), ["Health", "OldAirport", "OldPlace"]);
    assert_eq!(own(&new), ["Airport", "Health", "Runway"]);
    assert_eq!((&old["info"]["version"], &new["info"]["version"]), (&json!("v1"), &json!("v2")));
}

#[test]
fn an_operation_goes_by_the_name_of_its_item_in_every_version() {
    for version in [Version::V1, Version::V2] {
        let operation = &document(version)["paths"]["/airports/{iata}"]["get"];
        assert_eq!(
            (&operation["operationId"], &operation["tags"]),
            (&json!("airport"), &json!(["airports"]))
        );
    }
}

#[test]
fn a_deprecated_version_is_marked_with_its_end() {
    let (old, new) = (document(Version::V1), document(Version::V2));
    let operation = |document: &Value| document["paths"]["/airports/{iata}"]["get"].clone();
    let (old, new) = (operation(&old), operation(&new));
    assert_eq!((&old["deprecated"], &old["x-sunset"]), (&json!(true), &json!("2026-12-31")));
    assert_eq!((&new["deprecated"], &new["x-sunset"]), (&Value::Null, &Value::Null));
    let fields = |operation: &Value| names(operation, "/responses/200/headers");
    for field in ["API-Version", "Deprecation", "Sunset"] {
        assert!(fields(&old).contains(&field.to_owned()), "{field}");
        assert_eq!(fields(&new).contains(&field.to_owned()), field == "API-Version", "{field}");
    }
    // A policy that the old handler has, and the new one has not.
    assert!(
        fields(&old).contains(&"RateLimit".to_owned()) && !fields(&new).contains(&"RateLimit".to_owned())
    );
    assert_eq!(names(&old, "/responses"), ["200", "400", "410", "429"]);
    assert_eq!(names(&new, "/responses"), ["200", "400"]);
}

#[test]
fn where_the_version_stands_is_a_parameter_or_the_server() {
    let parameters = |readers: VersionReaders| {
        let document = tollgate(readers).openapi_for(collected(), Version::V2);
        let document = serde_json::to_value(document).unwrap();
        let given =
            document["paths"]["/runways"]["get"]["parameters"].as_array().cloned().unwrap_or_default();
        let given: Vec<_> = given.iter().map(|one| format!("{} {}", one["in"], one["name"])).collect();
        (given, document["servers"].clone())
    };
    let readers = VersionReaders::new().header("API-Version").query("v").path_under("/api");
    let (given, servers) = parameters(readers);
    assert_eq!(given, ["\"header\" \"API-Version\"", "\"query\" \"v\""]);
    assert_eq!(servers, json!([{ "url": "/api/v2" }]));
    assert_eq!(parameters(VersionReaders::new().path()), (vec![], json!([{ "url": "/v2" }])));
    let document = document(Version::V1);
    let version = &document["paths"]["/airports/{iata}"]["get"]["parameters"][1];
    assert_eq!(version["schema"], json!({ "type": "string", "enum": ["v1"] }));
    assert!(document["paths"]["/health"]["get"]["parameters"].is_null());
}

#[test]
fn routes_and_the_derive_collect_the_same() {
    let tollgate = tollgate(VersionReaders::default());
    for version in [Version::V1, Version::V2] {
        let [one, other] = [collected(), Derived::openapi()]
            .map(|document| serde_json::to_value(tollgate.openapi_for(document, version)).unwrap());
        // utoipa writes an empty list of tags for the one, and none for the other.
        let operation = |document: &Value| document["paths"]["/airports/{iata}"].clone();
        assert_eq!(operation(&one), operation(&other));
        assert_eq!(names(&one, "/paths"), names(&other, "/paths"));
        assert_eq!(names(&one, "/components/schemas"), names(&other, "/components/schemas"));
    }
}

#[test]
fn without_a_version_the_document_is_that_of_the_newest() {
    let document = tollgate(VersionReaders::default()).openapi(collected());
    let document = serde_json::to_value(document).unwrap();
    let operation = &document["paths"]["/airports/{iata}"]["get"];
    let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
    assert_eq!(
        (schema, &operation["operationId"]),
        (&json!("#/components/schemas/Airport"), &json!("airport"))
    );
    assert_eq!(
        operation["parameters"][1]["schema"],
        json!({ "type": "string", "enum": ["v1", "v2"], "default": "v2" })
    );
    assert_eq!(document["info"]["version"], "0");
}

/// A change, of which the first version had another shape.
#[derive(Deserialize, ToSchema)]
struct Change {
    city: String,
}

/// The one of version 1.
#[derive(Deserialize, ToSchema)]
struct OldChange {
    town: String,
}

fn up(OldChange { town }: OldChange) -> Result<ChangeOut, StatusCode> {
    if town.is_empty() { Err(StatusCode::CONFLICT) } else { Ok(ChangeOut { city: town }) }
}

#[derive(Serialize)]
struct ChangeOut {
    city: String,
}

fn down(Airport { iata, city }: Airport) -> OldAirport {
    OldAirport { code: iata, place: OldPlace { city } }
}

#[versioned(Version, since = V2)]
#[utoipa::path(patch, path = "/airports/{iata}", params(("iata" = String, Path)), request_body = Change, responses((status = 200, body = Airport)))]
async fn change_v2(Path(iata): Path<String>, Json(Change { city }): Json<Change>) -> Json<Airport> {
    Json(Airport { iata, city })
}

versions! { change = [change_v2], V1 = convert(request = up, response = down) }

#[test]
fn a_converted_version_has_bodies_of_its_own_in_its_document() {
    let router: OpenApiRouter =
        OpenApiRouter::with_openapi(Titled::openapi()).routes(routes!(airport, change));
    let document = router.into_openapi();
    let tollgate = tollgate(VersionReaders::default());
    for (version, request, response, unused) in
        [(Version::V1, "OldChange", "OldAirport", "Change"), (Version::V2, "Change", "Airport", "OldChange")]
    {
        let document = serde_json::to_value(tollgate.openapi_for(document.clone(), version)).unwrap();
        let operation = &document["paths"]["/airports/{iata}"]["patch"];
        let schema = |body: &Value| body["content"]["application/json"]["schema"]["$ref"].clone();
        assert_eq!(schema(&operation["requestBody"]), format!("#/components/schemas/{request}"));
        assert_eq!(schema(&operation["responses"]["200"]), format!("#/components/schemas/{response}"));
        let names = names(&document, "/components/schemas");
        assert!(names.contains(&request.to_owned()) && !names.contains(&unused.to_owned()), "{names:?}");
    }
}
