//! Shapes of functions: generics, raw identifiers, early ends, and functions that macros write.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path, RawQuery, State};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tollgate::{rate_limited, with_metrics};
use tollgate_tests::site;

use crate::support::{App, Db, guarded, passes};

#[rate_limited("2/minute")]
#[with_metrics]
async fn generic<T, const N: usize>(Path(id): Path<T>, State(db): State<Db>) -> Json<Vec<String>>
where
    T: DeserializeOwned + Display + Send + 'static,
{
    Json(vec![format!("{id} {} {}", db.name, size_of::<T>()); N])
}

#[tokio::test]
async fn a_handler_has_type_and_const_parameters() {
    let router = Router::new()
        .route("/number/{id}", get(generic::<u64, 1>))
        .route("/byte/{id}", get(generic::<u8, 2>))
        .with_state(App::new());
    let ask = async |path: &str| passes(router.clone(), || tollgate_tests::get(path), site!(generic)).await;
    assert_eq!(ask("/number/7").await, r#"["7 airports 8"]"#);
    assert_eq!(ask("/byte/7").await, r#"["7 airports 1","7 airports 1"]"#);
}

#[tokio::test]
async fn all_instantiations_of_a_generic_handler_share_one_site() {
    let router = Router::new()
        .route("/number/{id}", get(generic::<u64, 1>))
        .route("/byte/{id}", get(generic::<u8, 2>))
        .with_state(App::new());
    let service = tollgate_tests::Service::of(router);
    for path in ["/number/1", "/byte/1"] {
        assert_eq!(service.get(path).await.status, StatusCode::OK);
    }
    assert_eq!(service.get("/number/1").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn of_any_extractor<E>(extractor: E, query: RawQuery) -> String
where
    E: FromRequestParts<App> + Describe,
{
    format!("{} {:?}", extractor.describe(), query.0)
}

trait Describe: Send + 'static {
    fn describe(&self) -> String;
}

impl Describe for Path<u32> {
    fn describe(&self) -> String {
        format!("path {}", self.0)
    }
}

impl Describe for State<Db> {
    fn describe(&self) -> String {
        format!("state {}", self.0.name)
    }
}

#[tokio::test]
async fn an_argument_is_a_type_parameter() {
    let router = Router::new()
        .route("/{id}", get(of_any_extractor::<Path<u32>>).post(of_any_extractor::<State<Db>>))
        .with_state(App::new());
    let site = site!(of_any_extractor);
    assert_eq!(passes(router.clone(), || tollgate_tests::get("/7"), site).await, "path 7 None");
    let request = || tollgate_tests::request(http::Method::POST, "/7?a");
    assert_eq!(passes(router, request, site).await, r#"state airports Some("a")"#);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn r#type(Path(r#match): Path<String>) -> String {
    r#match
}

#[tokio::test]
async fn names_are_raw_identifiers() {
    let router = Router::new().route("/{match}", get(r#type));
    let site = concat!(module_path!(), "::type");
    assert_eq!(passes(router, || tollgate_tests::get("/x"), site).await, "x");
}

#[derive(Debug)]
struct Refused(StatusCode);

impl IntoResponse for Refused {
    fn into_response(self) -> axum::response::Response {
        self.0.into_response()
    }
}

impl From<std::num::ParseIntError> for Refused {
    fn from(_: std::num::ParseIntError) -> Self {
        Self(StatusCode::UNPROCESSABLE_ENTITY)
    }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn ends_early(Path(id): Path<String>) -> Result<String, Refused> {
    if id == "none" {
        return Err(Refused(StatusCode::NOT_FOUND));
    }
    let number = u32::from_str(&id)?;
    if number == 0 {
        return Ok("zero".to_owned());
    }
    Ok(id)
}

#[tokio::test]
async fn return_and_the_question_mark_end_the_users_function_alone() {
    let router = Router::new().route("/{id}", get(ends_early));
    for (path, status, body) in [
        ("/none", StatusCode::NOT_FOUND, ""),
        ("/x", StatusCode::UNPROCESSABLE_ENTITY, ""),
        ("/0", StatusCode::OK, "zero"),
        ("/1", StatusCode::OK, "1"),
    ] {
        let answer = guarded(router.clone(), || tollgate_tests::get(path), site!(ends_early)).await;
        assert_eq!((answer.status, answer.body.as_str()), (status, body));
    }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn recursive(Path(depth): Path<u32>) -> String {
    if depth == 0 {
        return String::new();
    }
    format!("{depth}{}", Box::pin(recursive(Path(depth - 1))).await)
}

#[tokio::test]
async fn a_function_that_calls_itself_passes_the_gate_once() {
    let router = Router::new().route("/{depth}", get(recursive));
    assert_eq!(passes(router, || tollgate_tests::get("/3"), site!(recursive)).await, "321");
}

macro_rules! handlers {
    ($($(#[$attribute:meta])* $vis:vis $name:ident($argument:pat => $type:ty) -> $answer:ty { $($body:tt)* })*) => { $(
        $(#[$attribute])*
        $vis async fn $name($argument: $type) -> $answer {
            $($body)*
        }
    )* };
}

handlers! {
    #[rate_limited("2/minute")]
    #[with_metrics]
    made_privately(Path(id) => Path<u32>) -> String { id.to_string() }

    /// Documented.
    #[tollgate::with_metrics]
    #[allow(dead_code)]
    #[tollgate::rate_limited("2/minute")]
    pub(crate) made_visibly(RawQuery(query) => RawQuery) -> Json<Option<String>> { Json(query) }
}

macro_rules! limited {
    ($name:ident, $rate:literal, burst = $burst:expr, key = $key:expr, cost = $cost:path, missing = $missing:ident, $text:expr) => {
        #[rate_limited($rate, burst = $burst, key = $key, cost = $cost, missing = $missing)]
        #[with_metrics]
        async fn $name() -> &'static str {
            $text
        }
    };
}

#[allow(clippy::trivially_copy_pass_by_ref)] // the signature is tollgate's
fn one(_: &tollgate::RequestFacts<'_>) -> u32 {
    1
}

limited!(made_of_fragments, "2/minute", burst = 2, key = global, cost = one, missing = reject, "fragments");

#[tokio::test]
async fn macros_write_handlers() {
    let router = Router::new()
        .route("/{id}", get(made_privately).put(made_visibly))
        .route("/", get(made_of_fragments));
    let ask = |request: fn() -> _, site| passes(router.clone(), request, site);
    assert_eq!(ask(|| tollgate_tests::get("/7"), site!(made_privately)).await, "7");
    let request = || tollgate_tests::request(http::Method::PUT, "/7?a");
    assert_eq!(ask(request, site!(made_visibly)).await, r#""a""#);
    assert_eq!(ask(|| tollgate_tests::get("/"), site!(made_of_fragments)).await, "fragments");
}

#[derive(Clone, Debug, Serialize)]
struct Item {
    id: u32,
}

type Answer<T> = Result<Json<T>, StatusCode>;

#[rate_limited("2/minute")]
#[with_metrics]
async fn aliased(Path(id): Path<u32>) -> Answer<Item> {
    Ok(Json(Item { id }))
}

#[tokio::test]
async fn the_return_type_is_an_alias() {
    let router = Router::new().route("/{id}", get(aliased));
    assert_eq!(passes(router, || tollgate_tests::get("/7"), site!(aliased)).await, r#"{"id":7}"#);
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn of_a_lifetime<'a>(Path(id): Path<u32>) -> Result<Cow<'a, str>, StatusCode> {
    if id == 0 { Err(StatusCode::NOT_FOUND) } else { Ok(Cow::Borrowed("seven")) }
}

#[tokio::test]
async fn the_return_type_has_a_lifetime_of_the_function() {
    let router = Router::new().route("/{id}", get(of_a_lifetime));
    assert_eq!(passes(router, || tollgate_tests::get("/7"), site!(of_a_lifetime)).await, "seven");
}

macro_rules! of_this_crate {
    ($name:ident) => {
        #[$crate::shapes::facade::rate_limited("2/minute", crate = $crate::shapes::facade::tollgate)]
        #[cfg(test)]
        #[$crate::shapes::facade::with_metrics]
        async fn $name() -> &'static str {
            stringify!($name)
        }
    };
}

mod facade {
    pub(super) use ::tollgate;
    pub(super) use tollgate::{rate_limited, with_metrics};
}

of_this_crate!(from_a_macro_of_a_library);

#[tokio::test]
async fn a_macro_names_the_attributes_by_its_own_crate() {
    let router = Router::new().route("/", get(from_a_macro_of_a_library));
    let body = passes(router, || tollgate_tests::get("/"), site!(from_a_macro_of_a_library)).await;
    assert_eq!(body, "from_a_macro_of_a_library");
}
