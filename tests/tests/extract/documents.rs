//! The answers of extractors in the document: of handlers with an attribute of ours, without a word written.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tollgate::extract::{Form, Json, Path, Query, Valid};
use tollgate::openapi::{ArgumentAnswer, ArgumentAnswers, Components, Refusals};
use tollgate::{ErrorKind, Problem, rate_limited, with_metrics};
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

#[derive(Debug, Deserialize, Serialize, ToSchema, garde::Validate)]
struct User {
    #[garde(range(max = 150))]
    age: u8,
}

/// Takes all that there is.
#[utoipa::path(post, path = "/users/{id}", request_body = User, responses((status = 200, body = User)))]
#[with_metrics]
async fn everything(
    State(()): State<()>,
    Path(_): Path<u32>,
    Query(_): Query<User>,
    Valid(Json(user)): Valid<Json<User>>,
) -> Json<User> {
    Json(user)
}

#[with_metrics]
#[utoipa::path(post, path = "/optional", responses((status = 204)))]
async fn optional(_: Option<Path<u32>>, _: Option<Json<User>>) {}

#[utoipa::path(post, path = "/form", responses((status = 204)))]
#[rate_limited("1/minute", key = header("x-api-key"), missing = reject)]
async fn form(Form(_): Form<User>) {}

/// Of another crate, so nothing is known.
#[utoipa::path(get, path = "/foreign", responses((status = 204)))]
#[with_metrics]
async fn foreign(_: axum::extract::Path<u32>, _: axum::Json<User>) {}

#[utoipa::path(
    post,
    path = "/written",
    responses((status = 204), (status = 400, description = "As I say.", body = String), (status = 422, description = "Mine."))
)]
#[with_metrics]
async fn written(Query(_): Query<User>, Json(_): Json<User>) {}

/// An error that documents itself under a status of the extractors'.
#[derive(Debug, utoipa::IntoResponses)]
enum Refused {
    /// The name is taken.
    #[response(status = 422, content_type = "application/problem+json")]
    Taken(#[to_schema] Details),
}

#[derive(Debug, Serialize, ToSchema)]
struct Details {
    detail: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self::Taken(Details { detail }) = self;
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY).detail(detail).into_response()
    }
}

#[utoipa::path(post, path = "/errors", responses((status = 204)))]
#[with_metrics]
async fn errors(Json(_): Json<User>) -> Result<(), Refused> {
    Err(Refused::Taken(Details { detail: "the name is taken".to_owned() }))
}

#[utoipa::path(get, path = "/generic", responses((status = 204)))]
#[with_metrics]
async fn generic<const N: usize>(_: Path<[u8; N]>, _: Query<User>) {}

fn document() -> Value {
    let router: OpenApiRouter<()> = OpenApiRouter::new()
        .routes(routes!(everything))
        .routes(routes!(optional))
        .routes(routes!(form))
        .routes(routes!(foreign))
        .routes(routes!(written))
        .routes(routes!(errors));
    serde_json::to_value(router.into_openapi()).unwrap()
}

fn responses(document: &Value, path: &str) -> Value {
    let operation = &document["paths"][path];
    let operation = operation.get("post").unwrap_or(&operation["get"]);
    operation["responses"].clone()
}

fn statuses(path: &str) -> Vec<String> {
    responses(&document(), path).as_object().unwrap().keys().cloned().collect()
}

const PROBLEM: &str = "application/problem+json";

#[test]
fn a_handler_documents_what_its_extractors_answer() {
    assert_eq!(statuses("/users/{id}"), ["200", "400", "413", "415", "422"]);
    assert_eq!(statuses("/optional"), ["204", "400", "413", "415", "422"]);
    assert_eq!(statuses("/form"), ["204", "400", "413", "415", "422", "429"]);
    assert_eq!(statuses("/foreign"), ["204"]);
}

#[test]
fn answers_of_one_status_are_one_response_with_an_example_each() {
    let document = document();
    let responses = responses(&document, "/users/{id}");
    let refused = &responses["400"];
    assert_eq!(
        refused["description"],
        "- `invalid_path`: A parameter of the path is not what is expected; `errors` points to it\n\
         - `invalid_query`: A parameter of the query is missing or not what is expected; `errors` points to it\n\
         - `malformed_body`: The body could not be read"
    );
    let content = &refused["content"][PROBLEM];
    assert_eq!(
        content["schema"],
        json!({
            "oneOf": [
                { "$ref": "#/components/schemas/InvalidPathProblem" },
                { "$ref": "#/components/schemas/InvalidQueryProblem" },
                { "$ref": "#/components/schemas/MalformedBodyProblem" },
            ],
            "discriminator": {
                "propertyName": "code",
                "mapping": {
                    "invalid_path": "#/components/schemas/InvalidPathProblem",
                    "invalid_query": "#/components/schemas/InvalidQueryProblem",
                    "malformed_body": "#/components/schemas/MalformedBodyProblem",
                },
            },
        })
    );
    assert_eq!(
        document["components"]["schemas"]["InvalidPathProblem"],
        json!({"allOf": [
            { "$ref": "#/components/schemas/ProblemDetails" },
            {
                "type": "object",
                "properties": { "code": { "type": "string", "enum": ["invalid_path"] } },
                "required": ["code"],
            },
        ]})
    );
    let example = &content["examples"]["invalid_query"];
    assert_eq!(example["summary"], "Invalid query");
    assert_eq!(example["value"]["errors"][0]["pointer"], "#/page");
    assert_eq!(content["examples"].as_object().unwrap().len(), 3);
}

#[test]
fn an_answer_that_is_alone_has_one_example_which_is_what_is_sent() {
    let document = document();
    let responses = responses(&document, "/users/{id}");
    let invalid = &responses["422"];
    assert_eq!(
        invalid["content"][PROBLEM]["example"],
        json!({
            "type": "/problems/invalid_body",
            "title": "Invalid body",
            "status": 422,
            "detail": "the field `age` must be a whole number from 0 to 255",
            "code": "invalid_body",
            "errors": [{"detail": "must be a whole number from 0 to 255", "pointer": "#/age", "code": "type"}],
        })
    );
    assert_eq!(responses["415"]["headers"]["Accept"]["example"], "application/json");
    assert_eq!(responses["413"]["content"][PROBLEM]["example"]["code"], "payload_too_large");
}

#[test]
fn what_the_user_wrote_about_a_status_stays() {
    let document = document();
    let responses = responses(&document, "/written");
    assert_eq!(responses["400"]["description"], "As I say.");
    assert_eq!(responses["400"]["content"].as_object().unwrap().keys().collect::<Vec<_>>(), ["text/plain"]);
    assert_eq!(responses["422"]["description"], "Mine.");
    assert_eq!(responses["422"]["content"][PROBLEM]["example"]["code"], "invalid_body");
}

#[test]
fn an_error_of_the_same_status_is_documented_beside_it() {
    let document = document();
    let responses = responses(&document, "/errors");
    let refused = &responses["422"];
    assert_eq!(
        refused["description"],
        "- `invalid_body`: A field of the body is missing, of another type or not valid; `errors` points to it\n\n\
         The name is taken."
    );
    assert_eq!(refused["content"][PROBLEM]["schema"]["anyOf"].as_array().unwrap().len(), 2);
    assert_eq!(refused["content"][PROBLEM]["examples"]["invalid_body"]["value"]["status"], 422);
}

#[test]
fn arguments_that_mention_parameters_of_the_function_are_left_out() {
    let _: axum::routing::MethodRouter = axum::routing::get(generic::<2>);
    let operation = __path_generic::operation();
    let statuses: Vec<_> = operation.responses.responses.keys().collect();
    assert_eq!(statuses, ["204", "400"]);
    let refused = serde_json::to_value(&operation.responses.responses["400"]).unwrap();
    assert_eq!(refused["content"][PROBLEM]["example"]["code"], "invalid_query");
}

#[test]
fn a_handler_without_an_attribute_names_its_extractors_and_may_have_own_ones() {
    const NO_TENANT: ErrorKind =
        ErrorKind::new(400, "no_tenant", "No tenant").description("The tenant is missing.");

    struct Tenant;

    impl ArgumentAnswers for Tenant {
        fn answers() -> Vec<ArgumentAnswer> {
            vec![ArgumentAnswer::new(NO_TENANT, Problem::of_kind(&NO_TENANT))]
        }
    }

    let responses = <Refusals<(Tenant, Option<Path<u32>>)> as IntoResponses>::responses();
    let responses = serde_json::to_value(responses).unwrap();
    let examples = responses["400"]["content"][PROBLEM]["examples"].as_object().unwrap();
    assert_eq!(examples.keys().collect::<Vec<_>>(), ["invalid_path", "no_tenant"]);
    assert_eq!(responses.as_object().unwrap().len(), 1);
    let problems = responses["400"]["content"][PROBLEM]["schema"]["oneOf"].as_array().unwrap();
    let tenant = problems.iter().find(|problem| problem["$ref"].is_null()).unwrap();
    assert_eq!(
        tenant["allOf"][1]["properties"]["code"]["enum"],
        json!(["no_tenant"]),
        "nobody has its component"
    );
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[allow(dead_code)]
struct Wanted {
    /// What the name begins with.
    name: String,
    age: Option<u8>,
}

#[with_metrics]
#[utoipa::path(post, path = "/taken", responses((status = 204)))]
async fn taken(_: Query<Wanted>, _: Valid<Json<User>>) {}

#[utoipa::path(post, path = "/perhaps", responses((status = 204)))]
#[with_metrics]
async fn perhaps(_: Option<Json<User>>) {}

#[utoipa::path(post, path = "/filled", responses((status = 204)))]
#[with_metrics]
async fn filled(_: Form<User>) {}

#[utoipa::path(
    post,
    path = "/told",
    request_body(content = String, description = "mine"),
    params(("name" = u8, Query, description = "mine")),
    responses((status = 204))
)]
#[with_metrics]
async fn told(_: Query<Wanted>, _: Json<User>) {}

#[utoipa::path(post, path = "/many", responses((status = 204)))]
#[with_metrics]
async fn many(_: Json<Vec<User>>) {}

#[derive(Debug, Deserialize)]
struct Opaque {}

#[utoipa::path(post, path = "/opaque", responses((status = 204)))]
#[with_metrics]
async fn opaque(_: Query<Opaque>, _: Json<Opaque>) {}

#[derive(utoipa::OpenApi)]
#[openapi(paths(taken, perhaps, filled, told, many, opaque), modifiers(&Components))]
struct Inputs;

fn inputs() -> [Value; 2] {
    use utoipa::OpenApi;

    let router: OpenApiRouter<()> = OpenApiRouter::new()
        .routes(routes!(taken))
        .routes(routes!(perhaps))
        .routes(routes!(filled))
        .routes(routes!(told))
        .routes(routes!(many))
        .routes(routes!(opaque));
    [router.into_openapi(), Inputs::openapi()].map(|document| serde_json::to_value(document).unwrap())
}

#[test]
fn a_body_is_documented_by_its_extractor() {
    let reference = json!({ "schema": { "$ref": "#/components/schemas/User" } });
    for document in inputs() {
        let body = |path: &str| document["paths"][path]["post"]["requestBody"].clone();
        assert_eq!(body("/taken"), json!({ "content": { "application/json": reference }, "required": true }));
        assert_eq!(
            body("/perhaps"),
            json!({ "content": { "application/json": reference }, "required": false })
        );
        assert_eq!(
            body("/filled"),
            json!({ "content": { "application/x-www-form-urlencoded": reference }, "required": true })
        );
        assert_eq!(body("/many")["content"]["application/json"]["schema"]["type"], "array");
        assert_eq!(body("/opaque"), json!(null));
        assert!(document["components"]["schemas"]["User"]["properties"]["age"].is_object());
    }
}

#[test]
fn a_query_is_documented_by_its_extractor() {
    for document in inputs() {
        let parameters = |path: &str| document["paths"][path]["post"]["parameters"].clone();
        let names: Vec<_> =
            parameters("/taken").as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        assert_eq!(names, ["name", "age"]);
        assert_eq!(parameters("/taken")[0]["in"], "query");
        assert_eq!(parameters("/taken")[0]["description"], "What the name begins with.");
        assert!(parameters("/opaque").is_null());
    }
}

#[test]
fn what_the_user_wrote_about_body_and_parameters_stays() {
    for document in inputs() {
        let operation = &document["paths"]["/told"]["post"];
        assert_eq!(operation["requestBody"]["description"], "mine");
        assert!(operation["requestBody"]["content"]["text/plain"].is_object());
        assert_eq!(operation["parameters"].as_array().unwrap().len(), 2);
        assert_eq!(operation["parameters"][0]["description"], "mine");
    }
}
