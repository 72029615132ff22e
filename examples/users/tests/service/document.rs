//! The document that describes the API, and what else is served.

use serde_json::{Value, json};

use crate::client::{json, limited, problem, unlimited};

#[tokio::test]
async fn every_operation_is_described_and_limited() {
    let (client, _) = limited().await;
    let document = json(&client.get("/openapi.json").await);
    for (method, path, statuses) in [
        ("get", "/users", &["200", "429", "500"][..]),
        ("post", "/users", &["201", "409", "429", "500"]),
        ("get", "/users/{id}", &["200", "404", "429", "500"]),
        ("patch", "/users/{id}", &["200", "404", "409", "429", "500"]),
        ("delete", "/users/{id}", &["204", "404", "429", "500"]),
    ] {
        let answers = &document["paths"][path][method]["responses"];
        assert!(statuses.iter().all(|status| answers[*status].is_object()), "{method} {path}: {answers}");
    }
    let codes = |status: &str| {
        let answer = &document["paths"]["/users"]["post"]["responses"][status];
        answer["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]["code"].clone()
    };
    assert_eq!(codes("409")["enum"], json!(["email_taken"]));
    assert_eq!(codes("500")["enum"], json!(["hashing_failed", "database_failed"]));
    assert_eq!(document["paths"].as_object().unwrap().len(), 2);
}

#[tokio::test]
async fn passwords_go_in_and_never_out() {
    let document = json(&unlimited().await.get("/openapi.json").await);
    let schemas = &document["components"]["schemas"];
    let fields = |name: &str| schemas[name]["properties"].as_object().unwrap().keys().cloned().collect();
    let (new, known): (Vec<_>, Vec<_>) = (fields("NewUser"), fields("User"));
    assert_eq!(new, ["email", "name", "password"]);
    assert_eq!(known, ["created_at", "email", "id", "name"]);
    let Value::Object(mut password) = schemas["NewUser"]["properties"]["password"].clone() else {
        panic!("{schemas}")
    };
    password.retain(|member, _| member != "description" && member != "example");
    let expected = json!({ "type": "string", "format": "password", "minLength": 8, "maxLength": 128 });
    assert_eq!(Value::Object(password), expected);
}

#[tokio::test]
async fn the_start_page_is_the_documentation() {
    let client = unlimited().await;
    assert_eq!(client.get("/").await.header("location"), "/docs/");
    let page = client.get("/docs/").await;
    assert!(page.status() == 200 && page.text().contains("swagger-ui"));
    assert_eq!(problem(&client.get("/nothing").await, 404)["instance"], "/nothing");
    assert_eq!(client.delete("/users").await.header("allow"), "GET,HEAD,POST");
}
