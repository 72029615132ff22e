//! Documents in the shape of the service.

use serde_json::{Value, json};
use tollgate::{Envelope, Tollgate, rate_limited};
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

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
    Other { seat: Option<u32> },
}

/// Says other things of a code that another type has, too.
#[derive(Debug, thiserror::Error, tollgate::ApiError)]
#[error("the seat is taken")]
#[api_error(status = 409, code = "seat_taken", extension(seat, deck))]
struct SeatTaken {
    seat: String,
    deck: u8,
}

#[rate_limited("10/minute")]
#[utoipa::path(get, path = "/seats", responses((status = 200, body = String)))]
async fn seats() -> Result<String, Conflict> {
    Err(Conflict::Seat { seat: 1 })
}

#[rate_limited("10/minute")]
#[utoipa::path(get, path = "/decks", responses((status = 200, body = String)))]
async fn decks() -> Result<String, SeatTaken> {
    Err(SeatTaken { seat: String::new(), deck: 1 })
}

#[derive(OpenApi)]
#[openapi(paths(seats, decks))]
struct Seats;

fn seat_documents() -> [Value; 2] {
    let _ = (Conflict::Row { seat: String::new() }, Conflict::Other { seat: None });
    let routed = OpenApiRouter::<()>::new().routes(routes!(seats)).routes(routes!(decks)).into_openapi();
    let derived = Tollgate::builder().build().unwrap().openapi(Seats::openapi());
    [routed, derived].map(|document| serde_json::to_value(document).unwrap())
}

#[test]
fn each_code_is_a_component_with_its_members() {
    for document in seat_documents() {
        let schemas = &document["components"]["schemas"];
        let own = |name: &str| schemas[name]["allOf"][1].clone();
        assert_eq!(
            own("RowTakenProblem"),
            json!({
                "type": "object",
                "required": ["code", "seat"],
                "properties": { "code": { "type": "string", "enum": ["row_taken"] }, "seat": { "type": "string" } },
            })
        );
        assert_eq!(
            own("OtherTakenProblem")["required"],
            json!(["code"]),
            "what may be absent is not required"
        );
        let names: Vec<_> = schemas.as_object().unwrap().keys().collect();
        assert_eq!(names, ["OtherTakenProblem", "ProblemDetails", "RowTakenProblem", "SeatTakenProblem"]);
        let decks =
            &document["paths"]["/decks"]["get"]["responses"]["409"]["content"]["application/problem+json"];
        assert_eq!(decks["schema"], json!({ "$ref": "#/components/schemas/SeatTakenProblem" }));
    }
}

#[test]
fn a_code_of_two_types_has_the_members_of_either() {
    for document in seat_documents() {
        let own = &document["components"]["schemas"]["SeatTakenProblem"]["allOf"][1];
        assert_eq!(own["required"], json!(["code", "seat"]));
        let mut types: Vec<_> = own["properties"]["seat"]["anyOf"]
            .as_array()
            .unwrap()
            .iter()
            .map(|schema| schema["type"].as_str().unwrap())
            .collect();
        types.sort_unstable();
        assert_eq!(types, ["integer", "string"], "{own}");
        assert!(own["properties"]["deck"].is_object());
    }
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

#[test]
fn the_envelope_lists_the_codes_that_an_answer_may_bear() {
    let _ = decks;
    let tollgate = Tollgate::builder().error_shape(Envelope).build().unwrap();
    let document = tollgate.openapi(Seats::openapi());
    assert!(tollgate.openapi(document.clone()) == document, "a second time changes nothing");
    let document = serde_json::to_value(document).unwrap();
    let schema = |path: &str, status: &str| {
        let response = &document["paths"][path]["get"]["responses"][status];
        response["content"]["application/json"]["schema"].clone()
    };
    let conflict = schema("/seats", "409");
    assert_eq!(conflict["allOf"][0], json!({ "$ref": "#/components/schemas/ErrorEnvelope" }));
    assert_eq!(
        conflict["allOf"][1]["properties"],
        json!({ "error": { "type": "string", "enum": ["seat_taken", "row_taken", "other_taken"] } })
    );
    assert_eq!(schema("/decks", "409")["allOf"][1]["properties"]["error"]["enum"], json!(["seat_taken"]));
    assert_eq!(schema("/decks", "429"), json!({ "$ref": "#/components/schemas/ErrorEnvelope" }));
    let names: Vec<_> = document["components"]["schemas"].as_object().unwrap().keys().collect();
    assert_eq!(names, ["ErrorEnvelope"]);
}

#[test]
fn a_shape_that_names_no_member_for_codes_stands_for_itself() {
    use tollgate::{ErrorShape, Occurrence, Problem};

    struct Fault;

    impl ErrorShape for Fault {
        fn media_type(&self) -> &'static str {
            "application/json"
        }

        fn body(&self, problem: &Problem, _: &Occurrence<'_>) -> Value {
            json!({ "fault": problem.to_string() })
        }

        fn schema(&self) -> (&'static str, Value) {
            ("Fault", json!({ "type": "object" }))
        }
    }

    let tollgate = Tollgate::builder().error_shape(Fault).build().unwrap();
    let document = serde_json::to_value(tollgate.openapi(Seats::openapi())).unwrap();
    let content = &document["paths"]["/seats"]["get"]["responses"]["409"]["content"]["application/json"];
    assert_eq!(content["schema"], json!({ "$ref": "#/components/schemas/Fault" }));
}
