//! What is wrong with a request, and how it is told.

use serde_json::{Value, json};

use crate::client::{ada, problem, unlimited};

/// Where each field is, and what is wrong with it.
fn faults(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap().iter();
    errors.map(|error| (error["pointer"].as_str().unwrap(), error["detail"].as_str().unwrap())).collect()
}

#[tokio::test]
async fn every_field_that_is_wrong_is_pointed_to() {
    let client = unlimited().await;
    let wrong = json!({ "email": "ada", "name": "", "password": "1234567" });
    let refused = problem(&client.post("/users", wrong.to_string()).await, 422);
    assert_eq!(refused["code"], "invalid_body");
    assert_eq!(
        faults(&refused),
        [
            ("#/email", "not a valid email: value is missing `@`"),
            ("#/name", "length is lower than 1"),
            ("#/password", "length is lower than 8"),
        ]
    );
}

#[tokio::test]
async fn a_wrong_patch_changes_nothing() {
    let client = unlimited().await;
    let before = client.post("/users", ada().to_string()).await;
    for (json, pointer) in [
        (r#"{"name":"Grace","email":"grace@"}"#, "#/email"),
        (r#"{"email":"grace@example.com","name":" Grace"}"#, "#/name"),
        (r#"{"name":"Grace\u0000"}"#, "#/name"),
        (r#"{"email":".grace@example.com"}"#, "#/email"),
        (r#"{"email":null}"#, "#/email"),
        (r#"{"name":"Grace","password":"short"}"#, "#/password"),
        (r#"{"name":"Grace","password":12345678}"#, "#/password"),
        (r#"{"name":"Grace","id":2}"#, "#/id"),
        (r#"{"name":"Grace","password_hash":"x"}"#, "#/password_hash"),
    ] {
        let refused = problem(&client.patch("/users/1", json).await, 422);
        assert_eq!(faults(&refused)[0].0, pointer, "{json}");
    }
    assert_eq!(client.get("/users/1").await.text(), before.text());
}

#[tokio::test]
async fn what_is_no_json_is_told_apart() {
    let client = unlimited().await;
    for body in ["{", "name=Ada", "{}{}"] {
        assert_eq!(problem(&client.post("/users", body).await, 400)["code"], "malformed_body", "{body}");
    }
    let form = client.clone().with_header("content-type", "application/x-www-form-urlencoded");
    problem(&form.post("/users", "name=Ada").await, 415);
    let mut long = ada();
    long["name"] = json!("x".repeat(16 * 1024));
    problem(&client.post("/users", long.to_string()).await, 413);
}

#[tokio::test]
async fn what_is_no_id_is_a_bad_request() {
    let client = unlimited().await;
    for id in ["ada", "1.5", "9223372036854775808", "%20"] {
        let refused = problem(&client.get(&format!("/users/{id}")).await, 400);
        assert_eq!((&refused["code"], faults(&refused)[0].0), (&json!("invalid_path"), "#/id"));
    }
    for id in ["0", "-1", "9223372036854775807"] {
        problem(&client.get(&format!("/users/{id}")).await, 404);
    }
}
