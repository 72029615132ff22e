//! One attribute per production policy, in front of an axum handler.
//!
//! ```
//! use std::net::SocketAddr;
//!
//! use axum::{Router, extract::Path, routing::get};
//! use tollgate::{Tollgate, rate_limited, with_metrics};
//!
//! #[with_metrics]
//! #[rate_limited("100/minute", burst = 200)]
//! async fn airport(Path(iata): Path<String>) -> String {
//!     iata
//! }
//!
//! # async fn serve(listener: tokio::net::TcpListener) -> Result<(), Box<dyn std::error::Error>> {
//! Tollgate::builder().build()?.install()?;
//! let app = Router::new().route("/airports/{iata}", get(airport));
//! axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! One declaration makes the behaviour, the response fields, the OpenAPI document, the counters and the compile-time
//! checks, so they are always in step.
//!
//! # Attributes
//! | attribute | what |
//! | --- | --- |
//! | [`versioned`](macro@versioned) | answers some versions of an API, and [`versions!`](macro@versions) makes one handler of several |
//! | [`rate_limited`] | admits no more than a rate allows, and says how each client stands |
//! | [`authorize`] | lets only those pass who have proven who they are, and who may |
//! | [`cached`] | keeps answers: private by default, with `ETag`, 304 and tags to throw them away by |
//! | [`invalidates`] | throws away what a change has made wrong, after it succeeded |
//! | [`circuit_breaker`](macro@circuit_breaker) | leaves a handler alone that keeps failing, and tries it again after a while |
//! | [`bulkhead`](macro@bulkhead) | lets no more than so many run at a time, and so many wait |
//! | [`timeout`](macro@timeout) | gives up what takes too long |
//! | [`fallback`](macro@fallback) | answers by another function where one of these three refuses or the handler fails |
//! | [`with_metrics`] | measures requests, however they end |
//!
//! The same stands around any async function, and one more:
//!
//! | attribute | what |
//! | --- | --- |
//! | [`call::rate_limited`] | calls no more often than a rate allows: refuses, or waits |
//! | [`call::cached`], [`call::invalidates`] | keep the values of a function, and throw them away |
//! | [`call::circuit_breaker`] | leaves alone what keeps failing: one breaker for all calls, or one for each key |
//! | [`call::bulkhead`] | lets no more than so many calls run at a time |
//! | [`call::timeout`] | gives up an attempt that takes too long, all of them, or both |
//! | [`call::retry`] | calls once more after a failure, within a budget |
//! | [`call::fallback`] | answers by another function where it fails |
//! | [`call::with_metrics`] | counts calls by how they ended, and measures how long they take |
//!
//! They nest in one order, whatever the order in which they are written: `with_metrics`, `versioned`, `rate_limited`, `authorize`,
//! `rate_limited` by principal, your extractors, `fallback`, `invalidates`, `cached`, `circuit_breaker`, `bulkhead`,
//! `timeout`, the function. So a hit is charged and authorised like any other request, and needs no place. Around calls it
//! is `with_metrics`, `rate_limited`, `fallback`, `invalidates`, `cached`, the total `timeout`, `retry`, `circuit_breaker`,
//! `bulkhead`, `timeout` of each attempt, the function. A handler keeps its name, generics and place in `get(..)`,
//! `routes!(..)` and `derive(OpenApi)`.
//!
//! A [`RateLimitLayer`] puts limits over a router or a path prefix, and a [`CacheLayer`] a shared cache by the rules of RFC 9111.
//!
//! # Errors and pages
//! | | what |
//! | --- | --- |
//! | [`derive(ApiError)`](derive@ApiError) | errors as answers: problem details, documented to the last field |
//! | [`ErrorLayer`] | all errors of a router in one shape, and ids of requests |
//! | [`extract`] | `Json`, `Path`, `Query`, `Form`, whose refusals point to the field that is wrong |
//! | [`derive(Paginate)`](derive@Paginate) | lists in [`pages`]: [`Pagination`] extracts, [`Page`] answers |
//!
//! # Versions
//! | | what |
//! | --- | --- |
//! | [`derive(ApiVersion)`](derive@ApiVersion) | an enum of the versions of an API, and what becomes of the old ones |
//! | [`VersionReaders`] | where clients write the version: a header field, the path, the query, the media type |
//! | [`VersionLayer`] | versions in paths, around the router |
//! | `Tollgate::openapi_for` | a document for each version |
//!
//! # Where state lives
//! In a [`Tollgate`]. With none, an in-memory default serves; [`Tollgate::install`] makes one the process's, and
//! [`Tollgate::layer`] and [`Tollgate::scope`] override it for a router or a task. Its [builder](Tollgate::builder) says where budgets are kept: in
//! memory, or on a Redis server that all processes of the service share. What is cached is kept in memory, and on that server besides.
//! [`Tollgate::cache`] throws it away by tag, function or key. [`TollgateBuilder::config_file`] sets other numbers without recompiling.
//!
//! Circuits, places and the budgets of retries are those of a process: [`Tollgate::breaker`] looks at a circuit and holds it open or
//! closed, here or in all processes that share that server, and [`Tollgate::breaker_events`] tells of each change.
//! [`Tollgate::health_handler`] and [`Tollgate::breakers_handler`] are routes for operators.
//!
//! # Testing
//! [`open`] calls a handler past its policies. The feature `testing` has a clock that a test moves by hand, and a client that
//! asks a router from any address and as any principal.
//!
//! # Features
//! | feature | what |
//! | --- | --- |
//! | `openapi` | policies, errors and pages in the OpenAPI documents of utoipa 6 |
//! | `garde` | `extract::Valid`, and `garde::Report` as an answer |
//! | `redis` | budgets and caches on a Redis server, and word of circuit breakers: `TollgateBuilder::redis` |
//! | `redis-cluster` | the same on Redis Cluster and Valkey: `TollgateBuilder::redis_cluster` |
//! | `redis-tls` | `rediss://` |
//! | `sqlx` | pages out of SQLite and PostgreSQL, without a driver: `Pagination::select` |
//! | `metrics` | `MetricsFacade`: what is measured, handed to the `metrics` facade |
//! | `testing` | the module `testing`: a manual clock, a client of routers |
//! | `full` | all of them |
//!
//! None is on by default. The minimum supported Rust version is 1.88.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod app;
mod authorize;
mod backend;
mod bulkhead;
mod cache;
mod cache_layer;
pub mod call;
mod circuit_breaker;
mod core;
mod errors;
pub mod extract;
mod failure;
mod fallback;
mod gate;
mod guard;
mod http;
mod limit_layer;
mod measure;
mod metrics;
pub mod pages;
mod rate_limit;
mod retry;
#[cfg(any(feature = "testing", test))]
pub mod testing;
mod timeout;
mod version_layer;
mod versioning;

#[doc(hidden)]
pub mod __private;

pub use crate::app::{
    Admin, AlreadyInstalled, BreakerControl, BreakerError, BreakerEvents, BreakerStatus, CacheControl,
    CacheError, Changed, ChangedPolicy, ConfigError, EverywhereError, Inventory, LimitsError, OperationEntry,
    RateLimits, SiteEntry, Tollgate, TollgateBuilder, TollgateFuture, TollgateLayer, TollgateService,
    default_fallbacks,
};
pub use crate::authorize::{ApiKeys, BearerTokens, FromExtension};
pub use crate::backend::SystemClock;
pub use crate::cache_layer::{CacheFuture, CacheLayer, CacheService};
pub use crate::core::{
    Answered, ApiVersion, BreakerState, Cause, Clock, Decided, ErrorKind, ErrorLog, Key, Lasted, Moment,
    Observer, Origin, Outcome, ParseKeyError, Policy, PolicyEntry, Principal, Sleep, TraceId, Transition,
    Verdict,
};
pub use crate::errors::{ApiError, Catalogue, ErrorEntry, ErrorHeader};
pub use crate::failure::{ErrorFuture, ErrorLayer, ErrorService};
pub use crate::gate::open;
#[cfg(feature = "openapi")]
pub use crate::http::openapi;
pub use crate::http::{
    AuthScheme, Envelope, ErrorShape, FieldError, ForwardedHeader, Occurrence, PrincipalResolver, Problem,
    ProblemDetails, Refusal, Rejected, RequestFacts, RequestId,
};
pub use crate::limit_layer::{LimitSet, RateLimitFuture, RateLimitLayer, RateLimitService};
pub use crate::measure::{MeasuredBody, MeasuredFuture, MetricsLayer, MetricsService};
pub use crate::metrics::DecisionCount;
#[cfg(feature = "metrics")]
pub use crate::metrics::MetricsFacade;
pub use crate::pages::{Page, PageField, PageValue, Paginate, Pagination};
pub use crate::rate_limit::{LimitState, RateLimitKey, RateState, Rates, RoleRates};
pub use crate::version_layer::{VersionFuture, VersionLayer, VersionService};
pub use crate::versioning::{OnHole, VersionReaders};
#[doc = include_str!("docs/api_error.md")]
pub use tollgate_macros::ApiError;
#[doc = include_str!("docs/version.md")]
pub use tollgate_macros::ApiVersion;
#[doc = include_str!("docs/paginate.md")]
pub use tollgate_macros::Paginate;
#[doc = include_str!("docs/authorize.md")]
pub use tollgate_macros::authorize;
#[doc = include_str!("docs/bulkhead.md")]
pub use tollgate_macros::bulkhead;
#[doc = include_str!("docs/cached.md")]
pub use tollgate_macros::cached;
#[doc = include_str!("docs/circuit_breaker.md")]
pub use tollgate_macros::circuit_breaker;
#[doc = include_str!("docs/fallback.md")]
pub use tollgate_macros::fallback;
#[doc = include_str!("docs/invalidates.md")]
pub use tollgate_macros::invalidates;
#[doc = include_str!("docs/limits.md")]
pub use tollgate_macros::limits;
#[doc = include_str!("docs/rate_limited.md")]
pub use tollgate_macros::rate_limited;
#[doc = include_str!("docs/rates.md")]
pub use tollgate_macros::rates;
#[doc = include_str!("docs/timeout.md")]
pub use tollgate_macros::timeout;
#[doc = include_str!("docs/versioned.md")]
pub use tollgate_macros::versioned;
#[doc = include_str!("docs/versions.md")]
pub use tollgate_macros::versions;
#[doc = include_str!("docs/with_metrics.md")]
pub use tollgate_macros::with_metrics;
