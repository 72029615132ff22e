//! The list: its pages, their order and what is left out of them.

use serde_json::{Value, json};
use tollgate::testing::Client;

use crate::client::{json, problem, unlimited};

/// Seven users; two of them have one name.
async fn seven() -> Client {
    let client = unlimited().await;
    for (number, name) in ["Grace", "Ada", "Edsger", "Barbara", "Ada", "Donald", "Tony"].iter().enumerate() {
        let user =
            json!({ "email": format!("{number}@example.com"), "name": name, "password": "correct horse" });
        assert_eq!(client.post("/users", user.to_string()).await.status(), 201);
    }
    client
}

fn ids(page: &Value) -> Vec<u64> {
    page["data"].as_array().unwrap().iter().map(|user| user["id"].as_u64().unwrap()).collect()
}

/// The ids on each page, by the links to the next one.
async fn walk(client: &Client, path: &str) -> Vec<Vec<u64>> {
    let (mut pages, mut next) = (Vec::new(), Some(path.to_owned()));
    while let Some(path) = next {
        let page = json(&client.get(&path).await);
        pages.push(ids(&page));
        next = page["links"]["next"].as_str().map(ToOwned::to_owned);
    }
    pages
}

#[tokio::test]
async fn a_page_tells_where_it_stands_and_links_the_others() {
    let client = seven().await;
    let answer = client.get("/users?page=2&per_page=3&from=here").await;
    let page = json(&answer);
    assert_eq!(ids(&page), [4, 5, 6]);
    assert_eq!(page["meta"], json!({ "page": 2, "per_page": 3, "pages": 3, "total": 7 }));
    let links = page["links"].as_object().unwrap();
    for (relation, number) in [("first", 1), ("prev", 1), ("self", 2), ("next", 3), ("last", 3)] {
        let link = links[relation].as_str().unwrap();
        assert!(link.starts_with("/users?") && link.contains("from=here"), "{link}");
        assert_eq!(json(&client.get(link).await)["meta"]["page"], number, "{relation}");
        assert!(
            relation == "self" || answer.header("link").contains(&format!("<{link}>; rel=\"{relation}\""))
        );
    }
}

#[tokio::test]
async fn every_user_is_on_one_page_in_any_order() {
    let client = seven().await;
    for (path, expected) in [
        ("/users?per_page=3", &[&[1, 2, 3][..], &[4, 5, 6], &[7]][..]),
        ("/users?per_page=100", &[&[1, 2, 3, 4, 5, 6, 7]]),
        ("/users?per_page=3&sort=-id", &[&[7, 6, 5], &[4, 3, 2], &[1]]),
        ("/users?per_page=2&sort=name", &[&[2, 5], &[4, 6], &[3, 1], &[7]]),
        ("/users?per_page=4&sort=-name,-id", &[&[7, 1, 3, 6], &[4, 5, 2]]),
        ("/users?per_page=1&name=Ada", &[&[2], &[5]]),
    ] {
        assert_eq!(walk(&client, path).await, expected, "{path}");
    }
}

#[tokio::test]
async fn what_is_beyond_the_last_page_is_empty() {
    let client = seven().await;
    let page = json(&client.get("/users?page=9&per_page=3").await);
    assert_eq!((&page["data"], &page["meta"]["total"]), (&json!([]), &json!(7)));
    let nobody = json(&unlimited().await.get("/users").await);
    assert_eq!((&nobody["data"], &nobody["meta"]["total"]), (&json!([]), &json!(0)));
}

#[tokio::test]
async fn a_parameter_that_is_wrong_is_named() {
    let client = unlimited().await;
    for (query, parameter) in [
        ("page=0", "page"),
        ("per_page=101", "per_page"),
        ("per_page=ten", "per_page"),
        ("sort=password_hash", "sort"),
        ("cursor=AAAA", "cursor"),
        ("limit=5", "limit"),
        ("page=1&page=2", "page"),
    ] {
        let problem = problem(&client.get(&format!("/users?{query}")).await, 400);
        assert_eq!(problem["code"], "invalid_pagination", "{query}");
        assert_eq!(problem["errors"][0]["pointer"], format!("#/{parameter}"), "{query}");
    }
}
