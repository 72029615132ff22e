//! Documents in the shape of the service.

use serde_json::{Value, json};
use tollgate::{Envelope, Tollgate, rate_limited};
use utoipa::OpenApi;

#[rate_limited("10/minute")]
#[utoipa::path(get, path = "/airports", responses((status = 200, body = String), (status = 404, body = tollgate::Problem,
    example = json!({"type": "/problems/airport_not_found", "title": "Airport not found", "status": 404, "code": "airport_not_found", "detail": "none"}))))]
async fn airports() -> &'static str {
    ""
}

#[derive(OpenApi)]
#[openapi(paths(airports))]
struct Api;

fn document(tollgate: &Tollgate) -> Value {
    let _ = airports;
    serde_json::to_value(tollgate.openapi(Api::openapi())).unwrap()
}

#[test]
fn the_envelope_takes_the_place_of_problem_details_in_every_response() {
    let document = document(&Tollgate::builder().error_shape(Envelope).build().unwrap());
    let responses = &document["paths"]["/airports"]["get"]["responses"];
    for status in ["404", "429"] {
        let content = responses[status]["content"].as_object().unwrap();
        assert_eq!(content.keys().collect::<Vec<_>>(), ["application/json"], "{status}");
        assert_eq!(content["application/json"]["schema"]["$ref"], "#/components/schemas/ErrorEnvelope");
    }
    assert_eq!(
        responses["404"]["content"]["application/json"]["example"],
        json!({ "error": "airport_not_found", "message": "none", "details": {}, "timestamp": "2026-01-01T00:00:00Z" })
    );
    let schemas = document["components"]["schemas"].as_object().unwrap();
    assert!(schemas.contains_key("ErrorEnvelope") && !schemas.contains_key("ProblemDetails"), "{schemas:?}");
}

#[test]
fn examples_name_the_place_where_problems_are_explained() {
    let document = document(&Tollgate::builder().problem_types("/errors").build().unwrap());
    let response = &document["paths"]["/airports"]["get"]["responses"]["404"];
    assert_eq!(
        response["content"]["application/problem+json"]["example"]["type"],
        "/errors/airport_not_found"
    );
    assert!(document["components"]["schemas"]["ProblemDetails"].is_object());
}

#[test]
fn without_settings_a_document_stays_as_it_is() {
    let settled = document(&Tollgate::builder().build().unwrap());
    let response = &settled["paths"]["/airports"]["get"]["responses"]["404"];
    assert_eq!(
        response["content"]["application/problem+json"]["example"]["type"],
        "/problems/airport_not_found"
    );
}
