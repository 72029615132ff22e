//! What documents say of an error.

use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;
use tollgate::{ApiError, Tollgate, with_metrics};
use utoipa::OpenApi;

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Runway {
    metres: u32,
    surface: Surface,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Surface {
    asphalt: bool,
}

#[derive(Debug, Serialize)]
struct Undocumented;

#[derive(Debug, Error, ApiError)]
#[allow(dead_code)]
enum Failure {
    /// There is none.
    #[error("there is no airport {iata}")]
    #[api_error(status = 404, code = "document_not_found", extension(iata))]
    NotFound { iata: String },
    #[error("no runway")]
    #[api_error(status = 404, code = "document_no_runway", extension(runway = 0, other = 1))]
    NoRunway(Runway, Undocumented),
    #[error("try later")]
    #[api_error(status = 503, code = "document_busy", headers(retry_after = 0))]
    Busy(u64),
    #[error(transparent)]
    #[api_error(transparent)]
    Other(#[from] Other),
}

#[derive(Debug, Error, ApiError)]
#[error("other")]
#[api_error(status = 409, code = "document_other", extension(runway))]
struct Other {
    runway: Runway,
}

#[with_metrics]
#[utoipa::path(get, path = "/gated", responses((status = 200, body = String)))]
async fn gated() -> Result<String, Failure> {
    Ok(String::new())
}

#[utoipa::path(get, path = "/plain", responses((status = 200, body = String), Failure))]
#[allow(dead_code)]
fn plain() {}

#[derive(OpenApi)]
#[openapi(paths(gated, plain))]
struct Api;

fn responses(path: &str) -> Value {
    let tollgate = Tollgate::builder().build().unwrap();
    let document = serde_json::to_value(tollgate.openapi(Api::openapi())).unwrap();
    let _ = gated;
    document["paths"][path]["get"]["responses"].clone()
}

#[test]
fn each_status_is_documented_with_its_codes_members_and_fields() {
    for path in ["/gated", "/plain"] {
        let responses = responses(path);
        let statuses: Vec<_> = responses.as_object().unwrap().keys().cloned().collect();
        assert_eq!(statuses, ["200", "404", "409", "503"], "{path}");
        assert!(responses["503"]["headers"]["Retry-After"].is_object(), "{path}: {}", responses["503"]);
        let not_found = responses["404"].to_string();
        for part in ["DocumentNotFoundProblem", "DocumentNoRunwayProblem", "there is no airport {iata}"] {
            assert!(not_found.contains(part), "{path}: {part}: {not_found}");
        }
        assert!(!responses["503"].to_string().contains("try later"), "{path}: {}", responses["503"]);
        assert_ne!(responses["409"]["content"], json!(null), "{path}");
    }
}

#[test]
fn schemas_of_members_are_among_the_components() {
    let tollgate = Tollgate::builder().build().unwrap();
    let document = serde_json::to_value(tollgate.openapi(Api::openapi())).unwrap();
    let schemas = &document["components"]["schemas"];
    assert!(schemas["Surface"].is_object(), "{schemas}");
    let own = &schemas["DocumentNoRunwayProblem"]["allOf"][1];
    assert_eq!(own["required"], json!(["code", "runway"]), "of what has no schema nothing is known");
    assert!(own["properties"]["runway"]["properties"]["metres"].is_object(), "{own}");
    assert_eq!(own["properties"]["other"], json!({}));
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = "CDG")]
struct Iata(String);

#[derive(Debug, Error, ApiError)]
#[error("there is no such airport")]
#[api_error(status = 404, code = "document_shown", extension(iata, other))]
struct Shown {
    iata: Option<Iata>,
    other: String,
}

#[test]
fn an_example_shows_members_whose_schemas_show_values() {
    let _ = Shown { iata: None, other: String::new() };
    let responses = serde_json::to_value(<Shown as utoipa::IntoResponses>::responses()).unwrap();
    let example = &responses["404"]["content"]["application/problem+json"]["example"];
    assert_eq!(example["iata"], "CDG");
    assert!(example.get("other").is_none(), "{example}");
}
