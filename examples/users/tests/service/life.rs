//! The life of a user, from the account to its end.

use serde_json::json;

use crate::client::{ada, json, problem, unlimited};

#[tokio::test]
async fn a_user_comes_changes_and_goes() {
    let client = unlimited().await;

    let created = client.post("/users", ada().to_string()).await;
    assert_eq!((created.status().as_u16(), created.header("location")), (201, "/users/1"));
    let mut user = json(&created);
    let created_at = user["created_at"].take();
    assert_eq!(created_at.as_str().unwrap().len(), "2026-01-01T12:00:00Z".len());
    let expected = json!({ "id": 1, "email": "ada@example.com", "name": "Ada Lovelace", "created_at": null });
    assert_eq!(user, expected);
    user["created_at"] = created_at;

    let read = client.get(created.header("location")).await;
    assert_eq!((read.status().as_u16(), json(&read)), (200, user.clone()));

    let changed = client.patch("/users/1", r#"{"name":"Ada King","email":"ada@example.org"}"#).await;
    assert_eq!(changed.status(), 200);
    user["name"] = json!("Ada King");
    user["email"] = json!("ada@example.org");
    assert_eq!(json(&changed), user);
    assert_eq!(json(&client.get("/users/1").await), user);

    let gone = client.delete("/users/1").await;
    assert_eq!((gone.status().as_u16(), gone.text()), (204, ""));
    for answer in
        [client.get("/users/1").await, client.delete("/users/1").await, client.patch("/users/1", "{}").await]
    {
        let problem = problem(&answer, 404);
        assert_eq!((&problem["code"], &problem["user"]), (&json!("user_not_found"), &json!(1)));
        assert_eq!(problem["detail"], "there is no user 1");
    }
    // Her address is free again, and her id is not.
    assert_eq!(client.post("/users", ada().to_string()).await.header("location"), "/users/2");
}

#[tokio::test]
async fn an_address_has_one_account_in_whatever_case() {
    let client = unlimited().await;
    assert_eq!(client.post("/users", ada().to_string()).await.status(), 201);
    let mut again = ada();
    again["email"] = json!("ADA@Example.com");
    let refused = client.post("/users", again.to_string()).await;
    let refused = problem(&refused, 409);
    assert_eq!(
        (&refused["code"], &refused["title"]),
        (&json!("email_taken"), &json!("E-mail address taken"))
    );
    assert_eq!(refused["detail"], "somebody has this e-mail address already");

    let grace = json!({ "email": "grace@example.com", "name": "Grace", "password": "anchors aweigh" });
    assert_eq!(client.post("/users", grace.to_string()).await.status(), 201);
    problem(&client.patch("/users/2", r#"{"email":"Ada@example.com"}"#).await, 409);
    assert_eq!(client.patch("/users/2", r#"{"email":"GRACE@example.com"}"#).await.status(), 200);
}

#[tokio::test]
async fn no_answer_shows_a_password_or_its_hash() {
    let client = unlimited().await;
    let password = json!({ "password": "battery staple" }).to_string();
    for answer in [
        client.post("/users", ada().to_string()).await,
        client.post("/users", ada().to_string()).await,
        client.get("/users/1").await,
        client.patch("/users/1", password).await,
        client.get("/users").await,
        client.post("/users", r#"{"password":"battery staple"}"#).await,
        client.patch("/users/1", r#"{"password":"staple"}"#).await,
        client.patch("/users/1", r#"{"password":["battery staple"]}"#).await,
    ] {
        let text = answer.text();
        for secret in ["correct horse", "staple", "argon2", "hash"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
}
