//! The document that describes the API, and what else is served.

use serde_json::{Value, json};

use crate::client::{json, limited, problem, unlimited};

#[tokio::test]
async fn every_operation_is_described_and_limited() {
    let (client, _) = limited().await;
    let document = json(&client.get("/openapi.json").await);
    for (method, path, statuses) in [
        ("get", "/users", &["200", "400", "429", "500"][..]),
        ("post", "/users", &["201", "400", "409", "413", "415", "422", "429", "500"]),
        ("get", "/users/{id}", &["200", "400", "404", "429", "500"]),
        ("patch", "/users/{id}", &["200", "400", "404", "409", "413", "415", "422", "429", "500"]),
        ("delete", "/users/{id}", &["204", "400", "404", "429", "500"]),
    ] {
        let answers = document["paths"][path][method]["responses"].as_object().unwrap();
        assert_eq!(answers.keys().collect::<Vec<_>>(), statuses, "{method} {path}");
    }
    let list = &document["paths"]["/users"]["get"]["parameters"];
    let names = list.as_array().unwrap().iter().map(|parameter| parameter["name"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["page", "per_page", "sort", "name"]);
    let schema = |status: &str| {
        let answer = &document["paths"]["/users"]["post"]["responses"][status];
        answer["content"]["application/problem+json"]["schema"].clone()
    };
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    assert_eq!(schema("409"), reference("EmailTakenProblem"));
    let failed = ["HashingFailedProblem", "DatabaseFailedProblem"].map(reference);
    assert_eq!(schema("500")["oneOf"], json!(failed));
    let taken = &document["components"]["schemas"]["EmailTakenProblem"]["allOf"][1];
    assert_eq!(taken["properties"]["code"]["enum"], json!(["email_taken"]));
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
async fn addresses_and_names_say_what_is_refused() {
    let document = json(&unlimited().await.get("/openapi.json").await);
    for schema in ["NewUser", "UserChange"] {
        let fields = &document["components"]["schemas"][schema]["properties"];
        assert_eq!(
            (&fields["email"]["format"], &fields["email"]["maxLength"]),
            (&json!("email"), &json!(254))
        );
        let pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$";
        assert_eq!(
            (&fields["name"]["pattern"], &fields["name"]["maxLength"]),
            (&json!(pattern), &json!(100))
        );
    }
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
