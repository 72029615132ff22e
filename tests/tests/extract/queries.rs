//! `Query`: which parameter is wrong, and why.

use std::collections::HashMap;

use axum::routing::get;
use serde::Deserialize;
use tollgate::extract::Query;
use tollgate_tests::Answer;

use crate::support::{ask, error, read, told};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Search {
    text: String,
    #[serde(default)]
    floor: Option<i8>,
    #[serde(default)]
    open: bool,
    #[serde(default)]
    order: Order,
    #[serde(default)]
    price: f32,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    #[default]
    Up,
    Down,
}

async fn search(Query(search): Query<Search>) -> String {
    let Search { text, floor, open, order, price } = search;
    format!("{text} {floor:?} {open} {order:?} {price}")
}

async fn asked(query: &str) -> Answer {
    ask(get(search), tollgate_tests::get(&format!("/?{query}"))).await
}

#[tokio::test]
async fn parameters_are_read() {
    let answer = asked("text=caf%C3%A9+bar&floor=-2&open=true&order=down&price=1.5").await;
    assert_eq!(read(&answer), "café bar Some(-2) true Down 1.5");
    assert_eq!(read(&asked("&text&").await), " None false Up 0");
}

#[tokio::test]
async fn a_parameter_that_is_wrong_is_named() {
    for (query, told) in [
        ("", "#/text missing: is missing"),
        ("text=a&text=b", "#/text duplicate: is there more than once"),
        ("text=a&floor=x", "#/floor type: must be a whole number from -128 to 127"),
        ("text=a&floor=", "#/floor type: must be a whole number from -128 to 127"),
        ("text=a&floor=-129", "#/floor range: must be a whole number from -128 to 127"),
        ("text=a&open=1", "#/open invalid: must be true or false"),
        ("text=a&order=left", "#/order choice: must be `up` or `down`"),
        ("text=a&price=much", "#/price type: must be a number"),
        ("text=%C3", "#/text encoding: is not UTF-8 once it is decoded"),
        ("text=a&%C3=1", "# encoding: is not UTF-8 once it is decoded"),
        (
            "text=a&colour=red",
            "#/colour unknown: is unknown: expected one of `text`, `floor`, `open`, `order`, `price`",
        ),
    ] {
        assert_eq!(error(&asked(query).await), told, "{query}");
    }
    assert_eq!(
        told(&asked("text=a&floor=x").await),
        "400 invalid_query: the parameter `floor` must be a whole number from -128 to 127"
    );
    assert_eq!(
        told(&asked("text=a&%C3=1").await),
        "400 invalid_query: the query is not UTF-8 once it is decoded"
    );
}

#[tokio::test]
async fn maps_pairs_and_nothing_are_read_as_axum_does() {
    async fn map(Query(all): Query<HashMap<String, u8>>) -> String {
        format!("{all:?}")
    }
    async fn pairs(Query(all): Query<Vec<(String, u8)>>) -> String {
        format!("{all:?}")
    }
    async fn nothing(Query(()): Query<()>) -> &'static str {
        "nothing"
    }
    let request = || tollgate_tests::get("/?a=1&a=2");
    assert_eq!(read(&ask(get(map), request()).await), r#"{"a": 2}"#);
    assert_eq!(read(&ask(get(pairs), request()).await), r#"[("a", 1), ("a", 2)]"#);
    assert_eq!(read(&ask(get(nothing), request()).await), "nothing");
    let long = format!("/?{}=x", "a".repeat(10_000));
    let answer = ask(get(map), tollgate_tests::get(&long)).await;
    assert_eq!(error(&answer), "# type: must be a whole number from 0 to 255");
    assert!(answer.body.len() < 500);
}
