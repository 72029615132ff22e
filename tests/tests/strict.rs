//! A service whose author allows nothing: all that rustc and clippy have opinions on is an error here, and the
//! attributes bring none of it upon the handlers.

#![forbid(unsafe_code)]
#![deny(
    absolute_paths_not_starting_with_crate,
    ambiguous_negative_literals,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    future_incompatible,
    keyword_idents,
    let_underscore,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_abi,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    nonstandard_style,
    private_bounds,
    private_interfaces,
    redundant_imports,
    redundant_lifetimes,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unnameable_types,
    unreachable_pub,
    unused,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    warnings
)]
#![deny(
    clippy::all,
    clippy::nursery,
    clippy::pedantic,
    clippy::absolute_paths,
    clippy::alloc_instead_of_core,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::as_conversions,
    clippy::clone_on_ref_ptr,
    clippy::default_numeric_fallback,
    clippy::else_if_without_else,
    clippy::empty_enum_variants_with_brackets,
    clippy::empty_structs_with_brackets,
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::expect_used,
    clippy::field_scoped_visibility_modifiers,
    clippy::if_then_some_else_none,
    clippy::impl_trait_in_params,
    clippy::indexing_slicing,
    clippy::infinite_loop,
    clippy::let_underscore_must_use,
    clippy::let_underscore_untyped,
    clippy::map_err_ignore,
    clippy::mem_forget,
    clippy::min_ident_chars,
    clippy::missing_assert_message,
    clippy::missing_docs_in_private_items,
    clippy::mixed_read_write_in_expression,
    clippy::module_name_repetitions,
    clippy::multiple_inherent_impl,
    clippy::needless_raw_strings,
    clippy::panic,
    clippy::panic_in_result_fn,
    clippy::pattern_type_mismatch,
    clippy::pub_use,
    clippy::ref_patterns,
    clippy::same_name_method,
    clippy::self_named_module_files,
    clippy::semicolon_inside_block,
    clippy::shadow_reuse,
    clippy::shadow_same,
    clippy::shadow_unrelated,
    clippy::single_char_lifetime_names,
    clippy::std_instead_of_alloc,
    clippy::std_instead_of_core,
    clippy::str_to_string,
    clippy::tests_outside_test_module,
    clippy::undocumented_unsafe_blocks,
    clippy::unimplemented,
    clippy::unnecessary_self_imports,
    clippy::unreachable,
    clippy::unused_trait_names,
    clippy::unwrap_used,
    clippy::use_debug,
    clippy::wildcard_enum_match_arm
)]

use core::fmt;
use core::time::Duration;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use http::response::Parts;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tollgate::extract::Path as ClonedPath;
use tollgate::{
    ApiError, Key, PageField, Paginate, Principal, Problem, RateLimitKey, Rejected, RequestFacts, Verdict,
    authorize, bulkhead, call, circuit_breaker, fallback, rate_limited, timeout, with_metrics,
};

/// What the handlers share.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct App {
    /// How it greets.
    greeting: &'static str,
}

impl App {
    /// With a greeting.
    #[must_use]
    pub const fn new(greeting: &'static str) -> Self {
        Self { greeting }
    }
}

/// Counts by tenant.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Tenant;

impl RateLimitKey for Tenant {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        facts.headers().get("x-tenant").map(Key::bytes)
    }
}

/// Nobody is there to greet.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Nobody;

impl fmt::Display for Nobody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("nobody is there")
    }
}

impl IntoResponse for Nobody {
    fn into_response(self) -> Response {
        StatusCode::NOT_FOUND.into_response()
    }
}

/// Does nothing at all.
#[rate_limited("5/second")]
pub async fn nothing() {}

/// Greets whom the path names.
///
/// # Errors
/// Where the name is empty.
#[with_metrics]
#[rate_limited("100/minute", "1000/hour", key = ip, name = "greet")]
#[rate_limited("5/second", burst = 10, key = (header("x-tenant"), Tenant), missing = skip, cost = 2)]
#[rate_limited("50/second", key = global, shadow)]
pub async fn greet(State(app): State<App>, Path(name): Path<String>) -> Result<String, Nobody> {
    if name == "-" {
        return Err(Nobody);
    }
    Ok(format!("{} {name}", app.greeting))
}

/// Gives back what it is given.
#[with_metrics]
pub async fn echo<T>(Json(value): Json<T>) -> Json<T>
where
    T: DeserializeOwned + Serialize + Send + 'static,
{
    Json(value)
}

/// Whether somebody has a name.
fn is_named(principal: &Principal, _: &RequestFacts<'_>) -> bool {
    !principal.subject().is_empty()
}

/// Is for principals alone, and counts them.
#[with_metrics]
#[rate_limited("100/minute")]
#[authorize(any_role = ["reader", "editor"], scope = "names:read", check = is_named)]
#[rate_limited("5/second", key = principal)]
#[rate_limited("50/second", key = global, after = authorize)]
pub async fn who(somebody: Principal) -> String {
    somebody.subject().to_owned()
}

/// What an answer says of whom it asks.
const fn judge(answer: &Parts) -> Verdict {
    match answer.status {
        StatusCode::NOT_FOUND => Verdict::Excluded,
        _ => Verdict::Success,
    }
}

/// Greets nobody in particular.
#[expect(clippy::unused_async, reason = "a fallback may have to wait")]
async fn greet_somebody(_: State<App>, _: ClonedPath<String>) -> &'static str {
    "somebody"
}

/// Greets with care.
///
/// # Errors
/// Where the name is empty.
#[fallback(greet_somebody)]
#[circuit_breaker(failure_rate = 0.25, window = 100, open_for = "5s", is_failure = judge, name = "careful")]
#[bulkhead(max_concurrent = 8, queue = 32, wait = "500ms")]
#[timeout("2s")]
pub async fn greet_carefully(
    State(app): State<App>,
    ClonedPath(name): ClonedPath<String>,
) -> Result<String, Nobody> {
    if name == "-" {
        return Err(Nobody);
    }
    Ok(format!("{} {name}", app.greeting))
}

/// Greets back.
#[expect(clippy::unused_async, reason = "a fallback may have to wait")]
async fn echo_nothing() {}

/// Gives back a text.
#[circuit_breaker]
#[fallback(echo_nothing)]
pub async fn echo_text(text: String) -> String {
    text
}

/// Is for anybody who has proven who it is.
#[authorize]
pub async fn anybody() {}

/// What can go wrong with names.
#[derive(Debug, thiserror::Error, ApiError)]
#[non_exhaustive]
pub enum NameError {
    /// There is none.
    #[error("there is no {name}")]
    #[api_error(status = 404, code = "name_not_found", extension(name, asked = at), headers(x_at = at))]
    NotFound {
        /// What was asked for.
        name: String,
        /// How often.
        at: u64,
    },
    /// It cannot be told at the moment.
    #[error("not now")]
    #[api_error(status = 503, code = "name_unknown", expose, log = warn, headers(retry_after = 0))]
    Unknown(Duration),
    /// Another is at fault.
    #[error(transparent)]
    #[api_error(transparent)]
    Refused(#[from] Problem),
    /// A name without letters.
    #[error("empty")]
    #[api_error(status = 422, code = "name_empty", title = "No letters", type = "https://example.com/empty")]
    Empty,
}

/// What can go wrong with anything.
#[derive(Debug, thiserror::Error, ApiError)]
#[non_exhaustive]
pub enum AnyError<'name, E, T>
where
    E: ApiError + 'static,
    T: fmt::Debug,
{
    /// It is known.
    #[error("known as {0:?}")]
    #[api_error(status = 409, code = "known", extension(value = 0, name = 1))]
    Known(T, &'name str),
    /// It is another's.
    #[error(transparent)]
    #[api_error(transparent)]
    Other(E),
}

/// Says who it is.
///
/// # Errors
/// Always.
#[with_metrics]
pub async fn lost(Path(name): Path<String>) -> Result<String, NameError> {
    Err(NameError::NotFound { name, at: 1 })
}

/// What can go wrong with a call.
#[derive(Debug, thiserror::Error, ApiError)]
#[non_exhaustive]
pub enum CallError {
    /// It was refused.
    #[error(transparent)]
    #[api_error(transparent)]
    Refused(#[from] Rejected),
}

/// Calls another service.
///
/// # Errors
/// Where it was refused.
#[call::rate_limited("50/second", burst = 80, key = "{tenant}/{first}", wait = "2s", name = "remote")]
pub async fn remote(tenant: &str, (first, second): (u8, u8)) -> Result<&str, CallError> {
    if first == second {
        return Ok("");
    }
    Ok(tenant)
}

/// Calls other services.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Remote {
    /// How often.
    calls: u64,
}

impl Remote {
    /// Calls one until it answers.
    ///
    /// # Errors
    /// Where it never does.
    #[call::retry(attempts = 2)]
    #[call::circuit_breaker(consecutive_failures = 5, open_for = "5s")]
    pub async fn insist<N>(&mut self, mut name: N, list: &mut Vec<N>) -> Result<usize, CallError>
    where
        N: fmt::Display + Clone + Send + 'static,
    {
        self.calls = self.calls.saturating_add(1);
        if list.is_empty() {
            name = name.clone();
        }
        list.push(name);
        Ok(list.len())
    }

    /// Calls one.
    ///
    /// # Errors
    /// Where it was refused.
    #[call::rate_limited("50/second", key = "{name}")]
    pub async fn fetch<N>(&mut self, name: N) -> Result<Box<dyn fmt::Display + Send>, CallError>
    where
        N: fmt::Display + Send + 'static,
    {
        self.calls = self.calls.saturating_add(1);
        Ok(Box::new(name))
    }
}

/// What is kept of other services.
pub static ELEVATIONS: call::CacheHandle<(String, u8), Option<u32>> = call::CacheHandle::new();

const fn lifetime(level: u8) -> Duration {
    Duration::from_secs(if level > 0 { 60 } else { 0 })
}

/// Asks another service, seldom.
///
/// # Errors
/// Where it has no answer.
#[call::cached(
    ttl = lifetime(level),
    tags = ["elevations", "elevation:{iata}"],
    stale_while_revalidate = "5s",
    stale_if_error = "1h",
    cache_none,
    control = ELEVATIONS
)]
pub async fn elevation(iata: &str, level: u8) -> Result<Option<u32>, CallError> {
    Ok(iata.starts_with('C').then_some(u32::from(level)))
}

/// The same with arguments of its own.
#[call::cached(ttl = "5m", key = "{iata}")]
pub async fn owned_elevation(iata: String, _level: u8) -> String {
    iata
}

/// What another service means.
const fn verdict(answer: &Result<u32, CallError>) -> Verdict {
    if answer.is_ok() { Verdict::Success } else { Verdict::Failure }
}

/// For how long it asks to be left alone.
const fn asks(_: &CallError) -> Option<Duration> {
    None
}

/// Whether it may do better the next time.
const fn may_pass(_: &CallError) -> bool {
    true
}

/// What is said in the place of a failure.
#[expect(clippy::unused_async, reason = "a fallback may have to wait")]
async fn usual(_: String, _: (u8, u8)) -> Result<u32, CallError> {
    Ok(1013)
}

/// Asks another service that may be down.
///
/// # Errors
/// Where it does not answer.
#[call::with_metrics(name = "strict_pressure")]
#[call::fallback(usual)]
#[call::timeout("2s", total = "5s")]
#[call::retry(attempts = 3, backoff = "10ms..20ms", retry_if = may_pass, retry_after = asks, budget = 0.2)]
#[call::circuit_breaker(is_failure = verdict, retry_after = asks, key = "{station}", max_keys = 100)]
#[call::bulkhead(max_concurrent = 8, queue = 16, wait = "1s")]
pub async fn pressure(station: String, time: (u8, u8)) -> Result<u32, CallError> {
    let (hour, minute) = time;
    Ok(u32::from(hour).saturating_add(u32::from(minute)).saturating_add(u32::from(station.is_empty())))
}

/// The same, told of in numbers alone.
#[call::with_metrics]
pub async fn humidity(mut station: String) -> usize {
    station.push('.');
    station.len()
}

/// Changes another service.
///
/// # Errors
/// Where it was refused.
#[call::rate_limited("50/second")]
#[call::invalidates(tags = ["elevation:{iata}"], keys = ["{iata}"], name = "strict_lift")]
pub async fn lift(iata: &str) -> Result<usize, CallError> {
    Ok(iata.len())
}

/// A name in a list.
#[derive(Clone, Debug, Paginate, Serialize)]
#[paginate(key = id, sort(word, born), filter(word, code), style = cursor)]
#[non_exhaustive]
pub struct Name {
    /// The key.
    id: u64,
    /// The name.
    word: String,
    /// When.
    born: Option<i32>,
    /// A text.
    #[paginate(text)]
    code: char,
}

/// Anything in a list.
#[derive(Clone, Debug, Paginate)]
#[paginate(key = id, filter(value))]
#[non_exhaustive]
pub struct Row<'row, K, T>
where
    K: PageField,
{
    /// The key.
    pub id: K,
    /// The value.
    #[paginate(text)]
    pub value: T,
    /// The rest.
    pub rest: &'row str,
}

/// A module of its own.
pub mod inner {
    use axum::extract::RawQuery;
    use axum::response::IntoResponse;

    /// Within a module.
    #[tollgate::rate_limited("5/second")]
    #[tollgate::with_metrics]
    #[cfg_attr(test, tracing::instrument)]
    pub async fn within(RawQuery(query): RawQuery) -> impl IntoResponse {
        query.unwrap_or_default()
    }

    /// Private to the crate.
    #[tollgate::with_metrics]
    pub(crate) async fn hidden() -> &'static str {
        "hidden"
    }
}

/// Documented; what the lints say to that they say to utoipa.
#[expect(clippy::exhaustive_structs, reason = "utoipa's macro makes them")]
pub mod documented {
    use axum::Json;
    use http::StatusCode;
    use utoipa_axum::router::OpenApiRouter;
    use utoipa_axum::routes;

    /// Documented below.
    #[tollgate::rate_limited("5/second")]
    #[tollgate::with_metrics]
    #[utoipa::path(get, path = "/documented/below", responses((status = 200, body = String)))]
    pub async fn below() -> Result<Json<String>, StatusCode> {
        Ok(Json("below".to_owned()))
    }

    /// Documented above.
    #[utoipa::path(get, path = "/documented/above", responses((status = 200)))]
    #[tollgate::rate_limited("5/second")]
    pub async fn above() {}

    /// Both.
    pub fn router() -> OpenApiRouter {
        OpenApiRouter::new().routes(routes!(below)).routes(routes!(above))
    }
}

/// All routes.
pub fn router() -> Router {
    Router::new()
        .route("/", get(nothing))
        .route("/greet/{name}", get(greet))
        .route("/who", get(who).post(anybody))
        .route("/echo", post(echo::<Vec<u8>>))
        .route("/lost/{name}", get(lost))
        .route("/within", get(inner::within).post(inner::hidden))
        .with_state(App::new("hello"))
        .merge(documented::router())
}

#[cfg(test)]
mod tests {
    use http::StatusCode;
    use tollgate::Principal;
    use tollgate::testing::Client;
    use tollgate_tests::Service;

    #[tokio::test]
    async fn the_strict_service_serves() {
        let service = Service::of(super::router());
        for (path, body) in [
            ("/", ""),
            ("/greet/Ada", "hello Ada"),
            ("/within?query", "query"),
            ("/documented/below", "\"below\""),
            ("/documented/above", ""),
        ] {
            let answer = service.get(path).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, body), "{path}");
            assert_ne!(answer.rate_limit(), "", "{path}");
        }
    }

    #[tokio::test]
    async fn the_strict_service_knows_principals() {
        let ada = Principal::new("ada").with_role("reader").with_scope("names:read");
        let client = Client::new(Service::of(super::router()).router()).as_principal(ada);
        assert_eq!(client.get("/who").await.text(), "ada", "a principal passes");
        assert_eq!(client.post("/who", "").await.status(), StatusCode::OK, "anybody passes");
    }

    #[tokio::test]
    async fn the_strict_service_says_what_went_wrong() {
        let answer = Service::of(super::router()).get("/lost/Ada").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "it is not there");
        assert!(answer.body.contains("\"name\":\"Ada\""), "it is named: {}", answer.body);
    }

    #[test]
    fn the_strict_handlers_are_documented() {
        let document = super::documented::router().into_openapi();
        assert_eq!(document.paths.paths.len(), 2, "one operation per handler");
    }
}
