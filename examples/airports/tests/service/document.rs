//! The document that describes the API.

use axum::http::Method;
use serde_json::{Value, json};

use crate::client::{UNLIMITED, json, request, send_to};

async fn document() -> Value {
    json(send_to(&UNLIMITED, request(Method::GET, "/openapi.json")).await).await
}

#[tokio::test]
async fn the_document_has_every_operation_with_its_answers() {
    let document = document().await;
    for (method, path, parameters, statuses) in [
        (
            "get",
            "/airports",
            &["q", "cursor", "limit", "sort", "country"][..],
            &["200", "400", "429", "500", "503", "504"][..],
        ),
        (
            "get",
            "/airports/{iata}",
            &["iata", "API-Version", "api-version"],
            &["200", "304", "400", "404", "429", "500"],
        ),
        (
            "patch",
            "/airports/{iata}",
            &["iata", "API-Version", "api-version"],
            &["200", "400", "401", "403", "404", "413", "415", "422", "429", "500"],
        ),
        ("get", "/airports/nearest", &["lat", "lon", "k"], &["200", "304", "400", "429", "500"]),
        (
            "get",
            "/airports/{iata}/weather",
            &["iata"],
            &["200", "400", "404", "429", "500", "502", "503", "504"],
        ),
        (
            "get",
            "/airports/{iata}/briefing",
            &["iata"],
            &["200", "400", "404", "429", "500", "502", "503", "504"],
        ),
        ("get", "/distance/{from}/{to}", &["from", "to"], &["200", "400", "404", "500"]),
        ("get", "/me", &[], &["200", "401", "403", "429"]),
    ] {
        let operation = &document["paths"][path][method];
        let given = operation["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        let names: Vec<_> = given.iter().map(|parameter| &parameter["name"]).collect();
        assert_eq!(names, parameters, "{path}");
        let answers = operation["responses"].as_object().unwrap();
        assert_eq!(answers.keys().collect::<Vec<_>>(), statuses, "{method} {path}");
        for (status, answer) in answers.iter().filter(|(status, _)| !matches!(status.as_str(), "200" | "304"))
        {
            let code: u16 = status.parse().unwrap();
            let problem = &answer["content"]["application/problem+json"];
            let schema = problem["schema"].to_string();
            assert!(
                schema.contains("#/components/schemas/ProblemDetails") || schema.contains("Problem\""),
                "{path}"
            );
            // One example, or one by each code.
            let several = problem["examples"].as_object().into_iter().flat_map(|all| all.values());
            let examples: Vec<_> =
                problem.get("example").into_iter().chain(several.map(|one| &one["value"])).collect();
            assert!(!examples.is_empty(), "{path} {status}");
            assert!(examples.iter().all(|example| example["status"] == json!(code)), "{path} {status}");
        }
    }
    assert_eq!(document["paths"].as_object().unwrap().len(), 7);
}

#[tokio::test]
async fn the_document_states_the_bounds_that_are_enforced() {
    let document = document().await;
    let nearest = &document["paths"]["/airports/nearest"]["get"]["parameters"];
    assert_eq!(
        (&nearest[0]["schema"]["minimum"], &nearest[0]["schema"]["maximum"]),
        (&json!(-90), &json!(90))
    );
    assert_eq!(
        nearest[2]["schema"],
        json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 5 })
    );
    let search = &document["paths"]["/airports"]["get"]["parameters"];
    assert!(search.as_array().unwrap().iter().all(|parameter| parameter["required"] == json!(false)));
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": 100, "default": 20 });
    assert_eq!((&search[2]["name"], &search[2]["schema"]), (&json!("limit"), &limit));
}

#[tokio::test]
async fn an_error_is_described_with_its_code_and_its_members() {
    let document = document().await;
    let answer = &document["paths"]["/airports/{iata}"]["get"]["responses"]["404"];
    assert_eq!(answer["description"], "The code is well-formed, but no airport has it.");
    let problem = &answer["content"]["application/problem+json"];
    assert_eq!(problem["schema"], json!({ "$ref": "#/components/schemas/AirportNotFoundProblem" }));
    let own = &document["components"]["schemas"]["AirportNotFoundProblem"]["allOf"][1];
    let members = &own["properties"];
    assert_eq!(own["required"], json!(["code", "iata"]));
    assert_eq!(members["code"]["enum"], json!(["airport_not_found"]));
    assert_eq!(members["iata"]["pattern"], "^[A-Za-z]{3}$");
    assert_eq!(problem["example"]["type"], "/problems/airport_not_found");
}

#[tokio::test]
async fn the_document_says_which_operations_need_a_key_and_how_to_present_it() {
    let document = document().await;
    let scheme = &document["components"]["securitySchemes"]["apiKeyAuth"];
    assert_eq!(scheme, &json!({ "type": "apiKey", "in": "header", "name": "x-api-key" }));
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let needed = matches!((method.as_str(), path.as_str()), ("patch", _) | (_, "/me"));
            let security = if needed { json!([{ "apiKeyAuth": [] }]) } else { Value::Null };
            assert_eq!(operation["security"], security, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn the_document_says_what_may_be_changed() {
    let document = document().await;
    let body = &document["paths"]["/airports/{iata}"]["patch"]["requestBody"];
    assert_eq!(body["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/AirportChange");
    let schema = &document["components"]["schemas"]["AirportChange"];
    assert_eq!((&schema["additionalProperties"], &schema["required"]), (&json!(false), &Value::Null));
    let fields: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["city", "elevation", "lat", "lon", "name", "subdivision"]);
    let field = |name: &str| {
        let Value::Object(mut field) = schema["properties"][name].clone() else { panic!("{schema}") };
        field.retain(|member, _| !matches!(member.as_str(), "description" | "example"));
        Value::Object(field)
    };
    // One line that is not blank.
    let pattern = r"^[^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]*$";
    let text = |kind: Value| json!({ "type": kind, "minLength": 1, "maxLength": 100, "pattern": pattern });
    assert_eq!(field("name"), text(json!("string")));
    for name in ["city", "subdivision"] {
        assert_eq!(field(name), text(json!(["string", "null"])));
    }
    let elevation = json!({ "type": "number", "format": "double", "minimum": -2000, "maximum": 30000 });
    assert_eq!(field("elevation"), elevation);
}

/// The operations with a limit, each with the field that announces its rates.
const LIMITED: [(&str, &str, &str); 4] = [
    ("get", "/airports", r#""default";q=100;w=60"#),
    ("get", "/airports/{iata}", r#""default";q=10;w=10"#),
    ("patch", "/airports/{iata}", r#""default";q=30;w=60"#),
    ("get", "/airports/nearest", r#""second";q=20;w=1, "minute";q=600;w=60"#),
];

#[tokio::test]
async fn limited_operations_document_their_limits() {
    let document = document().await;
    for (method, path, policy) in LIMITED {
        let answers = &document["paths"][path][method]["responses"];
        for (status, answer) in answers.as_object().unwrap() {
            let headers = &answer["headers"];
            assert_eq!(headers["RateLimit-Policy"]["example"], policy, "{path} {status}");
            assert_eq!(headers["RateLimit"]["schema"]["type"], "string", "{path} {status}");
            assert_eq!(
                headers.get("Retry-After").is_some(),
                matches!(status.as_str(), "429" | "503"),
                "{path} {status}"
            );
        }
        assert_eq!(answers["429"]["headers"]["Retry-After"]["schema"]["type"], "integer", "{path}");
    }
}

#[tokio::test]
async fn cached_operations_document_what_caches_need() {
    let document = document().await;
    for path in ["/airports/{iata}", "/airports/nearest"] {
        let answers = &document["paths"][path]["get"]["responses"];
        for status in ["200", "304"] {
            for field in ["ETag", "Age", "Cache-Control", "Cache-Status"] {
                assert!(answers[status]["headers"][field].is_object(), "{path} {status} {field}: {answers}");
            }
        }
        assert_eq!(answers["304"]["content"], Value::Null, "{path}");
    }
    let uncached = &document["paths"]["/airports"]["get"]["responses"]["200"]["headers"];
    assert_eq!(uncached["ETag"], Value::Null);
}

#[tokio::test]
async fn an_operation_without_a_limit_documents_none() {
    let document = document().await;
    let answers = document["paths"]["/distance/{from}/{to}"]["get"]["responses"].as_object().unwrap();
    assert!(answers.values().all(|answer| answer.get("headers").is_none()), "{answers:?}");
}

#[tokio::test]
async fn words_come_from_the_handlers_whatever_stands_in_front_of_them() {
    let document = document().await;
    for (path, id, summary) in [
        ("/airports", "search", "List airports, by country and text, in an order of your choice."),
        ("/airports/{iata}", "airport", "Look up one airport by its code."),
        ("/airports/nearest", "nearest", "List the airports nearest to a place, the nearest first."),
        ("/distance/{from}/{to}", "distance", "Measure how far two airports are apart."),
    ] {
        let operation = &document["paths"][path]["get"];
        assert_eq!((&operation["operationId"], &operation["summary"]), (&json!(id), &json!(summary)));
    }
}

#[tokio::test]
async fn every_reference_in_the_document_leads_somewhere() {
    let document = document().await;
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

fn collect_references<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            into.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|member| collect_references(member, into));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, into)),
        _ => {}
    }
}
