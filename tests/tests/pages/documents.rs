//! What OpenAPI documents say of pages is what is answered.

use axum::Router;
use axum::routing::get;
use serde::Serialize;
use serde_json::{Value, json};
use tollgate::openapi::Components;
use tollgate::pages::Total;
use tollgate::{Page, Paginate, Pagination, with_metrics};
use tollgate_tests::Service;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::support::{Airport, CURSOR, PAGE, airports};

#[derive(Clone, Serialize, ToSchema, Paginate)]
#[paginate(key = id, sort(surface), filter(id), style = offset, default_per_page = 5, max_per_page = 7)]
struct Runway {
    id: u16,
    surface: Option<String>,
}

#[utoipa::path(get, path = "/runways", params(Pagination<Runway>), responses((status = 200, body = Page<Runway>)))]
async fn runways(pagination: Pagination<Runway>) -> Page<Runway> {
    pagination.page(Vec::new(), Total::Unknown)
}

#[utoipa::path(get, path = "/pages", params(Pagination<Airport<PAGE>>), responses((status = 200)))]
async fn by_page(pagination: Pagination<Airport<PAGE>>) -> Page<Airport<PAGE>> {
    pagination.slice(&airports(3))
}

#[utoipa::path(get, path = "/cursors", params(Pagination<Airport<CURSOR>>), responses((status = 200)))]
async fn by_cursor(pagination: Pagination<Airport<CURSOR>>) -> Page<Airport<CURSOR>> {
    pagination.slice(&airports(3))
}

fn document() -> Value {
    let router = OpenApiRouter::<()>::new()
        .routes(routes!(runways))
        .routes(routes!(by_page))
        .routes(routes!(by_cursor));
    serde_json::to_value(router.into_openapi()).unwrap()
}

fn parameter(document: &Value, path: &str, name: &str) -> Value {
    let parameters = document["paths"][path]["get"]["parameters"].as_array().unwrap().iter();
    let mut named = parameters.filter(|parameter| parameter["name"] == name);
    let found = named.next().unwrap_or_else(|| panic!("{path} has no {name}")).clone();
    assert!(named.next().is_none() && found["in"] == "query" && found["required"] == false, "{found}");
    found
}

#[test]
fn sizes_and_positions_are_numbers_with_bounds_and_defaults() {
    let document = document();
    let schema = |path, name| parameter(&document, path, name)["schema"].clone();
    assert_eq!(
        schema("/pages", "page"),
        json!({ "type": "integer", "minimum": 1, "maximum": 1001, "default": 1 })
    );
    assert_eq!(
        schema("/pages", "per_page"),
        json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 20 })
    );
    assert_eq!(
        schema("/runways", "offset"),
        json!({ "type": "integer", "minimum": 0, "maximum": 100_000, "default": 0 })
    );
    assert_eq!(
        schema("/runways", "limit"),
        json!({ "type": "integer", "minimum": 1, "maximum": 7, "default": 5 })
    );
    assert_eq!(schema("/cursors", "cursor"), json!({ "type": "string", "minLength": 1, "maxLength": 4096 }));
}

#[test]
fn sort_is_a_list_of_the_words_that_there_are() {
    let sort = parameter(&document(), "/runways", "sort");
    assert_eq!((&sort["style"], &sort["explode"]), (&json!("form"), &json!(false)));
    assert_eq!(
        sort["schema"],
        json!({
            "type": "array",
            "items": { "type": "string", "enum": ["id", "-id", "surface", "-surface"] },
            "minItems": 1,
            "uniqueItems": true,
        })
    );
}

#[test]
fn filters_have_the_types_of_their_fields() {
    let document = document();
    let schema = |path, name| parameter(&document, path, name)["schema"].clone();
    assert_eq!(schema("/runways", "id"), json!({ "type": "integer", "minimum": 0, "maximum": 65535 }));
    assert_eq!(schema("/pages", "name"), json!({ "type": "string" }));
    assert_eq!(schema("/pages", "latitude"), json!({ "type": "number", "format": "double" }));
    assert_eq!(schema("/pages", "is_open"), json!({ "type": "boolean" }));
    let names: Vec<_> = document["paths"]["/runways"]["get"]["parameters"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["name"].clone())
        .collect();
    assert_eq!(names, ["offset", "limit", "sort", "id"], "and nothing else is asked for");
}

#[test]
fn a_page_is_a_schema_with_its_rows() {
    let document = document();
    let body =
        &document["paths"]["/runways"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
    assert_eq!(body["$ref"], "#/components/schemas/Page_Runway");
    let page = &document["components"]["schemas"]["Page_Runway"];
    assert_eq!(page["required"], json!(["data", "meta", "links"]));
    let meta = &page["properties"]["meta"];
    assert_eq!(meta["properties"]["total"]["type"], json!(["integer", "null"]));
    assert_eq!(meta["required"], json!(["offset", "limit", "total"]));
    let members: Vec<_> = meta["properties"].as_object().unwrap().keys().collect();
    assert_eq!(members, ["limit", "offset", "total", "total_is_estimate"]);
    assert_eq!(page["properties"]["links"]["properties"]["self"]["format"], "uri-reference");
    let item = &page["properties"]["data"]["items"];
    assert_eq!(*item, json!({ "$ref": "#/components/schemas/Runway" }));
    assert!(document["components"]["schemas"]["Runway"]["properties"]["surface"].is_object());
}

#[test]
fn derived_documents_have_the_same_page() {
    #[derive(OpenApi)]
    #[openapi(paths(runways))]
    struct Api;
    let derived = serde_json::to_value(Api::openapi()).unwrap();
    assert_eq!(
        derived["components"]["schemas"]["Page_Runway"],
        document()["components"]["schemas"]["Page_Runway"]
    );
}

/// All that a gate knows of its arguments is documented.
#[utoipa::path(get, path = "/guarded", responses((status = 200, body = Page<Runway>), (status = 404)))]
#[with_metrics]
async fn guarded(pagination: Pagination<Runway>) -> Page<Runway> {
    pagination.page(Vec::new(), Total::Unknown)
}

#[utoipa::path(get, path = "/told", params(Pagination<Runway>), responses((status = 200), (status = 400, description = "mine")))]
#[with_metrics]
async fn told(pagination: Pagination<Runway>) -> Page<Runway> {
    pagination.page(Vec::new(), Total::Unknown)
}

fn guarded_document() -> Value {
    let router = OpenApiRouter::<()>::new().routes(routes!(guarded)).routes(routes!(told));
    serde_json::to_value(router.into_openapi()).unwrap()
}

#[test]
fn a_guarded_operation_is_told_of_parameters_the_refusal_and_links() {
    let document = guarded_document();
    let operation = &document["paths"]["/guarded"]["get"];
    let names: Vec<_> =
        operation["parameters"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
    assert_eq!(names, ["offset", "limit", "sort", "id"]);
    assert_eq!(operation["responses"]["200"]["headers"]["Link"]["schema"]["type"], "string");
    assert!(operation["responses"]["404"]["headers"].is_null());
    assert!(operation["responses"]["400"]["content"]["application/problem+json"].is_object());
}

#[test]
fn what_the_user_wrote_stays_and_is_not_said_twice() {
    let document = guarded_document();
    let operation = &document["paths"]["/told"]["get"];
    assert_eq!(operation["parameters"].as_array().unwrap().len(), 4);
    assert_eq!(operation["responses"]["400"]["description"], "mine");
}

#[tokio::test]
async fn the_example_of_the_refusal_is_what_is_answered() {
    let service = Service::of(Router::new().route("/guarded", get(guarded)));
    let answer = service.get("/guarded?limit=8").await;
    let document = guarded_document();
    let content =
        &document["paths"]["/guarded"]["get"]["responses"]["400"]["content"]["application/problem+json"];
    let mut examples =
        content["examples"].as_object().into_iter().flatten().map(|(_, example)| &example["value"]);
    let mut answered = answer.json();
    answered
        .as_object_mut()
        .unwrap()
        .retain(|member, _| !["instance", "request_id", "trace_id"].contains(&member.as_str()));
    assert!(
        content["example"] == answered || examples.any(|example| *example == answered),
        "{content:#} {answered:#}"
    );
}

#[with_metrics]
#[utoipa::path(get, path = "/unwritten")]
async fn unwritten(pagination: Pagination<Runway>) -> Page<Runway> {
    pagination.page(Vec::new(), Total::Unknown)
}

#[with_metrics]
#[utoipa::path(get, path = "/mapped")]
async fn mapped(pagination: Pagination<Runway>) -> Result<Page<Strip>, tollgate::Problem> {
    Ok(pagination
        .page(Vec::<Runway>::new(), Total::Unknown)
        .map(|_| Strip { ground: Ground { grass: true } }))
}

#[with_metrics]
#[utoipa::path(get, path = "/unknown")]
async fn of_unknown(pagination: Pagination<Airport<PAGE>>) -> Page<Airport<PAGE>> {
    pagination.slice(&airports(3))
}

#[with_metrics]
#[utoipa::path(get, path = "/other", responses((status = 206, description = "mine")))]
async fn of_another_status(pagination: Pagination<Runway>) -> Page<Runway> {
    pagination.page(Vec::new(), Total::Unknown)
}

/// What clients see of a runway.
#[derive(Serialize, ToSchema)]
struct Strip {
    ground: Ground,
}

#[derive(Serialize, ToSchema)]
struct Ground {
    grass: bool,
}

#[derive(OpenApi)]
#[openapi(paths(unwritten, mapped, of_unknown, of_another_status), modifiers(&Components))]
struct Unwritten;

fn unwritten_documents() -> [Value; 2] {
    let router = OpenApiRouter::<()>::new()
        .routes(routes!(unwritten))
        .routes(routes!(mapped))
        .routes(routes!(of_unknown))
        .routes(routes!(of_another_status));
    [router.into_openapi(), Unwritten::openapi()].map(|document| serde_json::to_value(document).unwrap())
}

#[test]
fn a_page_that_is_returned_is_documented_where_nobody_wrote_it() {
    for document in unwritten_documents() {
        for (path, name) in [("/unwritten", "Page_Runway"), ("/mapped", "Page_Strip")] {
            let page = &document["paths"][path]["get"]["responses"]["200"];
            let schema = &page["content"]["application/json"]["schema"];
            assert_eq!(schema["$ref"], format!("#/components/schemas/{name}"));
            assert_eq!(page["description"], "A page.");
            let example = page["headers"]["Link"]["example"].as_str().unwrap();
            assert_eq!(example, "</items?offset=20&limit=5>; rel=\"next\"");
        }
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for name in ["Page_Runway", "Runway", "Page_Strip", "Strip", "Ground"] {
            assert!(schemas.contains_key(name), "{name}: {:?}", schemas.keys());
        }
        assert_eq!(
            schemas["Page_Strip"]["properties"]["data"]["items"],
            json!({ "$ref": "#/components/schemas/Strip" })
        );
    }
}

#[test]
fn a_page_of_what_rows_were_mapped_to_is_of_any_style() {
    for document in unwritten_documents() {
        let meta = &document["components"]["schemas"]["Page_Strip"]["properties"]["meta"];
        let required: Vec<_> =
            meta["anyOf"].as_array().unwrap().iter().map(|style| style["required"].clone()).collect();
        let styles =
            [json!(["page", "per_page", "total"]), json!(["offset", "limit", "total"]), json!(["limit"])];
        assert_eq!(required, styles);
    }
}

#[test]
fn a_page_of_rows_without_a_schema_is_a_page_of_anything() {
    for document in unwritten_documents() {
        let page = &document["paths"]["/unknown"]["get"]["responses"]["200"]["content"]["application/json"];
        assert_eq!(page["schema"]["properties"]["data"]["items"], json!({}));
        assert_eq!(page["schema"]["required"], json!(["data", "meta", "links"]));
    }
}

#[test]
fn a_success_that_the_user_wrote_is_the_only_one() {
    for document in unwritten_documents() {
        let responses = document["paths"]["/other"]["get"]["responses"].as_object().unwrap();
        assert_eq!(responses.keys().collect::<Vec<_>>(), ["206", "400"]);
        assert!(responses["206"]["headers"]["Link"].is_object());
    }
}
