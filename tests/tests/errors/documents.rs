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

#[derive(Debug, thiserror::Error, tollgate::ApiError)]
enum Conflict {
    #[error("the seat is taken")]
    #[api_error(status = 409, code = "seat_taken", extension(seat))]
    Seat { seat: u32 },
    #[error("the row is taken")]
    #[api_error(status = 409, code = "row_taken", extension(seat))]
    Row { seat: String },
    #[error("another seat is taken")]
    #[api_error(status = 409, code = "other_taken", extension(seat))]
    Other { seat: u32 },
}

#[rate_limited("10/minute")]
#[utoipa::path(get, path = "/seats", responses((status = 200, body = String)))]
async fn seats() -> Result<String, Conflict> {
    Err(Conflict::Seat { seat: 1 })
}

#[derive(OpenApi)]
#[openapi(paths(seats))]
struct Seats;

#[test]
fn a_member_that_two_errors_of_one_status_have_may_be_what_either_says() {
    let _ = (seats, Conflict::Row { seat: String::new() }, Conflict::Other { seat: 1 });
    let document = serde_json::to_value(Seats::openapi()).unwrap();
    let content =
        &document["paths"]["/seats"]["get"]["responses"]["409"]["content"]["application/problem+json"];
    let seat = &content["schema"]["allOf"][1]["properties"]["seat"];
    let types: Vec<_> = seat["anyOf"].as_array().unwrap().iter().map(|schema| &schema["type"]).collect();
    assert_eq!(types, ["integer", "string"], "{seat}");
}

#[derive(Debug, thiserror::Error, tollgate::ApiError)]
enum Booking {
    #[error(transparent)]
    #[api_error(transparent)]
    Boxed(#[from] Box<Conflict>),
}

#[test]
fn an_error_in_a_box_is_answered_and_documented_as_itself() {
    use tollgate::ApiError;
    use utoipa::IntoResponses;

    let problem = Booking::from(Box::new(Conflict::Seat { seat: 7 })).problem();
    assert_eq!(serde_json::to_value(problem).unwrap()["seat"], 7);
    let [booking, conflict] = [Booking::responses(), Conflict::responses()];
    assert_eq!(serde_json::to_value(booking).unwrap(), serde_json::to_value(conflict).unwrap());
}

#[derive(Debug, thiserror::Error, tollgate::ApiError)]
enum Refused {
    #[error(transparent)]
    #[api_error(transparent)]
    Invalid(#[from] garde::Report),
    #[error("the name is taken")]
    #[api_error(status = 422, code = "documented_name_taken")]
    Taken,
}

#[rate_limited("10/minute")]
#[utoipa::path(post, path = "/names", responses((status = 200, body = String)))]
async fn name(_: tollgate::extract::Json<String>) -> Result<String, Refused> {
    Err(Refused::Taken)
}

#[derive(OpenApi)]
#[openapi(paths(name))]
struct Names;

#[test]
fn what_an_extractor_and_an_error_both_answer_is_said_once() {
    let _ = (name, Refused::Invalid(garde::Report::new()));
    let document = serde_json::to_value(Names::openapi()).unwrap();
    let description =
        document["paths"]["/names"]["post"]["responses"]["422"]["description"].as_str().unwrap();
    let codes: Vec<_> = description.lines().map(|line| line.split('`').nth(1).unwrap_or(line)).collect();
    assert_eq!(codes, ["invalid_body", "documented_name_taken"], "{description}");
}
