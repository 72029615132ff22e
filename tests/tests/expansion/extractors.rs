//! Every extractor of axum, and those of users.

use axum::body::Bytes;
use axum::extract::rejection::{JsonRejection, PathRejection};
use axum::extract::{
    Form, FromRef, FromRequest, FromRequestParts, Multipart, Path, Query, RawQuery, Request, State,
};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use tollgate::{rate_limited, with_metrics};
use tollgate_tests::site;

use crate::support::{App, Db, Limits, guarded, passes};

#[derive(Debug, Deserialize, Serialize)]
struct Visitor {
    name: String,
    visits: u32,
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn json(Json(visitor): Json<Visitor>) -> Json<Visitor> {
    Json(visitor)
}

#[tokio::test]
async fn json_is_read() {
    let text = r#"{"name":"Ada","visits":3}"#;
    let request = || tollgate_tests::post("/", "application/json", text);
    assert_eq!(passes(Router::new().route("/", post(json)), request, site!(json)).await, text);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn form(Form(visitor): Form<Visitor>) -> String {
    format!("{} {}", visitor.name, visitor.visits)
}

#[tokio::test]
async fn a_form_is_read() {
    let request = || tollgate_tests::post("/", "application/x-www-form-urlencoded", "name=Ada&visits=3");
    assert_eq!(passes(Router::new().route("/", post(form)), request, site!(form)).await, "Ada 3");
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn bytes(body: Bytes) -> String {
    format!("{body:?}")
}

#[tokio::test]
async fn bytes_are_read() {
    let request = || tollgate_tests::post("/", "application/octet-stream", vec![0, 255]);
    assert_eq!(passes(Router::new().route("/", post(bytes)), request, site!(bytes)).await, r#"b"\0\xff""#);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn text(body: String) -> String {
    body
}

#[tokio::test]
async fn text_is_read() {
    let request = || tollgate_tests::post("/", "text/plain", "text");
    assert_eq!(passes(Router::new().route("/", post(text)), request, site!(text)).await, "text");
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn multipart(State(db): State<Db>, mut parts: Multipart) -> Result<String, StatusCode> {
    let mut fields = vec![db.name.to_owned()];
    while let Some(field) = parts.next_field().await.map_err(|_| StatusCode::BAD_REQUEST)? {
        let name = field.name().unwrap_or_default().to_owned();
        fields.push(format!("{name}={}", field.text().await.map_err(|_| StatusCode::BAD_REQUEST)?));
    }
    Ok(fields.join(" "))
}

#[tokio::test]
async fn a_multipart_form_is_read() {
    let body = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
                --B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n2\r\n--B--\r\n";
    let request = || tollgate_tests::post("/", "multipart/form-data; boundary=B", body);
    let router = Router::new().route("/", post(multipart)).with_state(App::new());
    assert_eq!(passes(router, request, site!(multipart)).await, "airports a=1 b=2");
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn whole(Path(id): Path<u32>, request: Request) -> Result<String, StatusCode> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| StatusCode::BAD_REQUEST)?.to_bytes();
    Ok(format!("{id} {} {body:?}", head.method))
}

#[tokio::test]
async fn the_whole_request_is_read() {
    let request = || tollgate_tests::post("/7", "text/plain", "text");
    let router = Router::new().route("/{id}", post(whole));
    assert_eq!(passes(router, request, site!(whole)).await, r#"7 POST b"text""#);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn maybe_path(id: Option<Path<u32>>, query: Query<Vec<(String, u32)>>) -> String {
    format!("{:?} {}", id.map(|Path(id)| id), query.len())
}

#[tokio::test]
async fn an_optional_extractor_may_be_missing() {
    let router = || Router::new().route("/", get(maybe_path)).route("/{id}", get(maybe_path));
    let ask = async |path: &str| passes(router(), || tollgate_tests::get(path), site!(maybe_path)).await;
    assert_eq!(ask("/?a=1&b=2").await, "None 2");
    assert_eq!(ask("/7").await, "Some(7) 0");
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn maybe_json(
    id: Result<Path<u32>, PathRejection>,
    visitor: Result<Json<Visitor>, JsonRejection>,
) -> Result<String, JsonRejection> {
    let Json(visitor) = visitor?;
    Ok(format!("{} {}", visitor.name, id.is_ok()))
}

#[tokio::test]
async fn a_rejection_may_be_an_argument() {
    let router = || Router::new().route("/{id}", post(maybe_json));
    let request = |body: &'static str| move || tollgate_tests::post("/x", "application/json", body);
    let body = passes(router(), request(r#"{"name":"Ada","visits":3}"#), site!(maybe_json)).await;
    assert_eq!(body, "Ada false");
    let answer = guarded(router(), request("{"), site!(maybe_json)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn extension(Extension(db): Extension<Db>, RawQuery(query): RawQuery) -> String {
    format!("{} {query:?}", db.name)
}

#[tokio::test]
async fn extensions_and_the_raw_query_are_read() {
    let router = Router::new().route("/", get(extension)).layer(Extension(Db { name: "airports" }));
    let body = passes(router, || tollgate_tests::get("/?a&b"), site!(extension)).await;
    assert_eq!(body, r#"airports Some("a&b")"#);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn whole_state(State(app): State<App>) -> &'static str {
    app.db.name
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn parts_of_the_state(State(limits): State<Limits>, State(db): State<Db>) -> String {
    format!("{} {}", db.name, limits.page)
}

#[tokio::test]
async fn the_state_and_its_parts_are_read() {
    let router =
        || Router::new().route("/", get(whole_state).post(parts_of_the_state)).with_state(App::new());
    assert_eq!(passes(router(), || tollgate_tests::get("/"), site!(whole_state)).await, "airports");
    let request = || tollgate_tests::request(http::Method::POST, "/");
    assert_eq!(passes(router(), request, site!(parts_of_the_state)).await, "airports 20");
}

/// A user's extractor of the head, for every state that holds a [`Db`].
struct Tenant(String);

impl<S: Send + Sync> FromRequestParts<S> for Tenant
where
    Db: FromRef<S>,
{
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let tenant = parts.headers.get("x-tenant").and_then(|name| name.to_str().ok());
        let tenant = tenant.ok_or((StatusCode::UNAUTHORIZED, "who are you?"))?;
        Ok(Self(format!("{tenant} of {}", Db::from_ref(state).name)))
    }
}

/// A user's extractor of the body, for every state, around another.
struct Checked<T>(T);

impl<S: Send + Sync, T> FromRequest<S> for Checked<T>
where
    Json<T>: FromRequest<S, Rejection: IntoResponse>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let Json(inner) = Json::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self(inner))
    }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn own(Tenant(tenant): Tenant, headers: HeaderMap, Checked(visitor): Checked<Visitor>) -> String {
    format!("{tenant} {} {}", visitor.name, headers.len())
}

#[tokio::test]
async fn extractors_of_users_are_read_whatever_the_state() {
    let request = || {
        let mut request = tollgate_tests::post("/", "application/json", r#"{"name":"Ada","visits":3}"#);
        request.headers_mut().insert("x-tenant", "acme".parse().unwrap());
        request
    };
    let with_part = Router::new().route("/", post(own)).with_state(App::new());
    assert_eq!(passes(with_part, request, site!(own)).await, "acme of airports Ada 2");
    let with_whole = Router::new().route("/", post(own)).with_state(Db { name: "whole" });
    assert_eq!(passes(with_whole, request, site!(own)).await, "acme of whole Ada 2");
}

#[tokio::test]
async fn the_rejection_of_a_users_extractor_leaves_by_the_gate() {
    let router = Router::new().route("/", post(own)).with_state(App::new());
    let answer = guarded(router, || tollgate_tests::post("/", "application/json", "{}"), site!(own)).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::UNAUTHORIZED, "who are you?"));
}

/// Data, and an extractor for one state alone: the compiler has to be told which.
#[derive(Debug, Deserialize)]
struct Claims {
    subject: String,
}

impl FromRequestParts<App> for Claims {
    type Rejection = StatusCode;

    async fn from_request_parts(_: &mut Parts, _: &App) -> Result<Self, StatusCode> {
        Ok(Self { subject: "ada".to_owned() })
    }
}

#[rate_limited("2/minute", state = App)]
#[with_metrics]
async fn claims(claims: Claims, State(_): State<Db>) -> String {
    claims.subject
}

/// What brings methods of any name to every type.
trait Everywhere {
    fn head(&self) {}
    fn last(&self) {}
    fn check(&self) {}
}

impl<T> Everywhere for T {}

#[rate_limited("2/minute")]
#[with_metrics]
async fn beside_a_blanket_trait(query: RawQuery, body: String) -> String {
    query.head();
    query.last();
    query.check();
    body
}

#[tokio::test]
async fn an_extractor_for_one_state_is_taken_where_the_attribute_names_the_state() {
    let request = || tollgate_tests::post("/", "text/plain", "");
    let router = Router::new().route("/", post(claims)).with_state(App::new());
    assert_eq!(passes(router, request, site!(claims)).await, "ada");
}

#[tokio::test]
async fn methods_that_every_type_has_do_not_confuse_the_questions_about_arguments() {
    let request = || tollgate_tests::post("/", "text/plain", "text");
    let router = Router::new().route("/", post(beside_a_blanket_trait));
    assert_eq!(passes(router, request, site!(beside_a_blanket_trait)).await, "text");
}
