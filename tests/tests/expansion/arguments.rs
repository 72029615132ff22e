//! As many arguments as axum passes, and patterns in their places.

use std::collections::HashMap;

use axum::extract::{MatchedPath, OriginalUri, Path, Query, RawPathParams, RawQuery, State};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Uri, Version};
use serde::Deserialize;
use tollgate::{rate_limited, with_metrics};
use tollgate_tests::site;

use crate::support::{App, Db, Limits, passes};

#[rate_limited("2/minute")]
#[with_metrics]
async fn none() -> &'static str {
    "none"
}

#[tokio::test]
async fn a_handler_takes_no_argument() {
    let router = Router::new().route("/", get(none));
    assert_eq!(passes(router, || tollgate_tests::get("/"), site!(none)).await, "none");
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn one(Path(name): Path<String>) -> String {
    name
}

#[tokio::test]
async fn a_handler_takes_one_argument() {
    let router = Router::new().route("/{name}", get(one));
    assert_eq!(passes(router, || tollgate_tests::get("/ada"), site!(one)).await, "ada");
}

#[derive(Clone, Debug)]
struct Tag(&'static str);

type Words = HashMap<String, String>;

#[rate_limited("2/minute")]
#[with_metrics]
#[allow(clippy::too_many_arguments)]
async fn fifteen(
    method: Method,
    uri: Uri,
    version: Version,
    headers: HeaderMap,
    extensions: Extensions,
    Path(id): Path<u32>,
    params: RawPathParams,
    Query(query): Query<Words>,
    RawQuery(raw): RawQuery,
    OriginalUri(original): OriginalUri,
    route: MatchedPath,
    State(app): State<App>,
    State(db): State<Db>,
    State(limits): State<Limits>,
    Extension(tag): Extension<Tag>,
) -> String {
    assert_eq!((uri.path(), original.path(), route.as_str()), ("/7", "/7", "/{id}"));
    assert_eq!((version, extensions.get::<Tag>().unwrap().0), (Version::HTTP_11, tag.0));
    assert_eq!((params.iter().count(), query["a"].as_str(), raw.as_deref()), (1, "1", Some("a=1")));
    assert_eq!((app.db.name, app.limits), (db.name, limits));
    format!("{method} {id} {} {}", headers.len(), tag.0)
}

#[rate_limited("2/minute")]
#[with_metrics]
#[allow(clippy::too_many_arguments)]
async fn sixteen_with_a_body(
    method: Method,
    uri: Uri,
    _: Version,
    _: HeaderMap,
    _: Extensions,
    Path(id): Path<u32>,
    _: RawPathParams,
    Query(_): Query<Words>,
    RawQuery(_): RawQuery,
    OriginalUri(_): OriginalUri,
    _: MatchedPath,
    State(_): State<App>,
    State(db): State<Db>,
    State(Limits { page }): State<Limits>,
    Extension(Tag(tag)): Extension<Tag>,
    Json(words): Json<Vec<String>>,
) -> String {
    format!("{method} {uri} {id} {} {page} {tag} {}", db.name, words.join(" "))
}

#[rate_limited("2/minute")]
#[with_metrics]
#[allow(clippy::too_many_arguments)]
async fn sixteen_of_the_head(
    method: Method,
    uri: Uri,
    _: Version,
    _: HeaderMap,
    _: Extensions,
    Path(id): Path<u32>,
    _: RawPathParams,
    Query(_): Query<Words>,
    RawQuery(_): RawQuery,
    OriginalUri(_): OriginalUri,
    _: MatchedPath,
    State(_): State<App>,
    State(db): State<Db>,
    State(Limits { page }): State<Limits>,
    Extension(Tag(tag)): Extension<Tag>,
    head: Parts,
) -> String {
    format!("{method} {uri} {id} {} {page} {tag} {:?}", db.name, head.version)
}

fn many() -> Router {
    Router::new()
        .route("/{id}", get(fifteen).post(sixteen_with_a_body).put(sixteen_of_the_head))
        .layer(Extension(Tag("tag")))
        .with_state(App::new())
}

#[tokio::test]
async fn a_handler_takes_fifteen_arguments() {
    assert_eq!(passes(many(), || tollgate_tests::get("/7?a=1"), site!(fifteen)).await, "GET 7 0 tag");
}

#[tokio::test]
async fn the_sixteenth_argument_may_read_the_body() {
    let request = || tollgate_tests::post("/7?a=1", "application/json", r#"["one","two"]"#);
    let body = passes(many(), request, site!(sixteen_with_a_body)).await;
    assert_eq!(body, "POST /7?a=1 7 airports 20 tag one two");
}

#[tokio::test]
async fn the_sixteenth_argument_may_read_the_head() {
    let request = || tollgate_tests::request(Method::PUT, "/7?a=1");
    let body = passes(many(), request, site!(sixteen_of_the_head)).await;
    assert_eq!(body, "PUT /7?a=1 7 airports 20 tag HTTP/1.1");
}

#[derive(Debug, Deserialize)]
struct Leg {
    from: String,
    to: (String, u32),
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn patterns(
    Path((year, month)): Path<(u16, u8)>,
    State(App { db: ref database, limits: Limits { page } }): State<App>,
    mut headers: HeaderMap,
    Json(Leg { mut from, to: (to, ..) }): Json<Leg>,
) -> String {
    headers.clear();
    from.make_ascii_uppercase();
    format!("{year}-{month} {} {page} {from} {to} {}", database.name, headers.len())
}

#[tokio::test]
async fn arguments_are_patterns() {
    let router = Router::new().route("/{year}/{month}", post(patterns)).with_state(App::new());
    let request = || tollgate_tests::post("/2026/7", "application/json", r#"{"from":"cdg","to":["jfk",1]}"#);
    assert_eq!(passes(router, request, site!(patterns)).await, "2026-7 airports 20 CDG jfk 0");
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn same_names(Path(argument_0): Path<u32>, RawQuery(gate): RawQuery) -> String {
    let run = argument_0 + 1;
    format!("{run} {}", gate.unwrap_or_default())
}

#[tokio::test]
async fn names_of_the_expansion_do_not_meet_those_of_the_user() {
    let router = Router::new().route("/{id}", get(same_names));
    assert_eq!(passes(router, || tollgate_tests::get("/1?send"), site!(same_names)).await, "2 send");
}
