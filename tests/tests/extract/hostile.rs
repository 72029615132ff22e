//! Requests that nobody sends in good faith: each gets one answer, and it is never a 5xx.

use std::collections::{BTreeMap, HashMap};

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::Request;
use percent_encoding::percent_decode_str;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use tollgate::extract::{Form, Json, Path, Query, Valid};
use tollgate_tests::{Answer, send};

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "it is read to be refused")]
struct Everything {
    a: u8,
    b: Option<Box<Everything>>,
    #[serde(default)]
    c: Vec<Choice>,
    #[serde(default)]
    d: HashMap<String, i16>,
    #[serde(default)]
    e: BTreeMap<u8, bool>,
    #[serde(default)]
    f: (u8, Option<String>),
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "it is read to be refused")]
enum Choice {
    Unit,
    One(u8),
    Two(u8, bool),
    #[serde(rename = "a/b")]
    Named {
        a: f32,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "it is read to be refused")]
struct Flat {
    a: u8,
    b: Option<bool>,
    c: Option<char>,
    #[serde(default)]
    d: f64,
}

fn router() -> Router {
    async fn json(Json(_): Json<Everything>) {}
    async fn valid(Valid(Json(_)): Valid<Json<Checked>>) {}
    async fn form(Form(_): Form<Flat>) {}
    async fn query(Query(_): Query<Flat>) {}
    async fn path(Path(_): Path<Flat2>) {}
    Router::new()
        .route("/json", post(json))
        .route("/valid", post(valid))
        .route("/form", post(form))
        .route("/query", get(query))
        .route("/path/{a}/{b}", get(path))
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "it is read to be refused")]
struct Flat2 {
    a: u8,
    b: char,
}

fn answer(request: Request<Body>) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(send(&router(), request))
}

/// The value that a pointer names, or what would hold it.
fn resolves(document: &Value, pointer: &str) -> bool {
    let fragment = pointer.strip_prefix('#').unwrap();
    let plain = percent_decode_str(fragment).decode_utf8().unwrap();
    let parent = plain.rsplit_once('/').and_then(|(parent, _)| document.pointer(parent));
    document.pointer(&plain).is_some() || parent.is_some_and(Value::is_object)
}

/// JSON that is nearly what is expected.
fn nearly() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-300_i64..300).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "Unit|One|Two|a/b|[a-z~/%é]{0,3}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-f]|One|Two|a/b|é~|0|300", inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

#[derive(Debug, Deserialize, garde::Validate)]
#[serde(rename_all = "camelCase")]
#[allow(dead_code, reason = "it is read to be refused")]
struct Checked {
    #[garde(range(max = 10))]
    some_number: u8,
    #[garde(required)]
    a: Option<u8>,
    #[garde(dive)]
    #[serde(default)]
    b: Option<Box<Checked>>,
    #[garde(dive)]
    #[serde(default)]
    c: Vec<Checked>,
    #[garde(dive)]
    #[serde(default, flatten)]
    rest: HashMap<String, Pair>,
}

#[derive(Debug, Deserialize, garde::Validate)]
struct Pair(#[garde(range(max = 10))] u8, #[garde(length(max = 1))] String);

/// JSON that is what is expected, as far as types go.
fn checked() -> impl Strategy<Value = Value> {
    let leaf = (any::<u8>(), any::<Option<u8>>())
        .prop_map(|(number, a)| serde_json::json!({"someNumber": number, "a": a}));
    leaf.prop_recursive(4, 20, 3, |inner| {
        let pairs = prop::collection::hash_map("[x-z/~]{1,2}", (any::<u8>(), "[a-z]{0,3}"), 0..3);
        (
            any::<u8>(),
            prop::option::of(inner.clone()),
            prop::collection::vec(inner, 0..3),
            pairs,
            any::<bool>(),
        )
            .prop_map(|(number, b, c, pairs, is_array)| {
                if is_array && pairs.is_empty() {
                    return serde_json::json!({"someNumber": number, "b": b, "c": c});
                }
                let mut object = serde_json::json!({"someNumber": number, "a": 1, "b": b, "c": c});
                for (name, pair) in pairs {
                    object[name] = serde_json::to_value(pair).unwrap();
                }
                object
            })
    })
}

proptest! {
    #[test]
    fn what_is_not_valid_is_pointed_to_where_it_is(document in checked()) {
        let answer = answer(tollgate_tests::post("/valid", "application/json", document.to_string()));
        prop_assert!(answer.status == 200 || answer.status == 422, "{answer:?}");
        if answer.status == 422 {
            for error in answer.json()["errors"].as_array().unwrap() {
                let pointer = error["pointer"].as_str().unwrap();
                prop_assert!(resolves(&document, pointer), "{pointer} {document}");
            }
        }
    }

    #[test]
    fn a_pointer_names_what_was_sent_or_what_is_missing(mut document in nearly(), a: u8) {
        if let Some(members) = document.as_object_mut() {
            members.entry("a").or_insert(a.into());
        }
        let answer = answer(tollgate_tests::post("/json", "application/json", document.to_string()));
        prop_assert!(answer.status == 200 || answer.status == 422, "{answer:?}");
        if answer.status == 422 {
            for error in answer.json()["errors"].as_array().unwrap() {
                let pointer = error["pointer"].as_str().unwrap();
                prop_assert!(resolves(&document, pointer), "{pointer} {document}");
            }
        }
    }

    #[test]
    fn no_body_is_answered_with_a_5xx(body in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..60),
        "[\\[\\]{}\":,a-f0-9\\\\. ]{0,60}".prop_map(String::into_bytes),
        "(a|b|c|d|%ff)=[0-9a-z%&=+]{0,12}".prop_map(String::into_bytes),
    ]) {
        for (path, media_type) in [("/json", "application/json"), ("/form", "application/x-www-form-urlencoded")] {
            let answer = answer(tollgate_tests::post(path, media_type, body.clone()));
            prop_assert!(answer.status.as_u16() < 500, "{answer:?}");
        }
    }

    #[test]
    fn no_query_and_no_path_is_answered_with_a_5xx(text in "[a-d=&%0-9A-F+;~!.]{0,40}") {
        for path in [format!("/query?{text}"), format!("/path/{}/x", text.replace('.', "x")), format!("/path/1/{}", text.replace('.', "x"))] {
            let answer = answer(tollgate_tests::get(&path));
            prop_assert!(answer.status.as_u16() < 500, "{path} {answer:?}");
        }
    }

    #[test]
    fn no_content_type_is_answered_with_a_5xx(line in "[ -~]{0,40}") {
        let answer = answer(tollgate_tests::post("/json", &line, "{}"));
        prop_assert!(answer.status == 415 || answer.status == 422, "{answer:?}");
    }
}
