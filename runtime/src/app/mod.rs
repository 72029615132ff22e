//! `Tollgate`: the one value that holds clocks, stores and counters, and how a request finds it.

mod admin;
mod breaker_events;
mod breakers;
mod breakers_everywhere;
mod breakers_routes;
mod budgets;
mod builder;
mod cache;
mod cache_routes;
mod config;
mod config_error;
mod current;
#[cfg(feature = "openapi")]
mod document;
mod errors;
mod going;
mod identity;
mod in_force;
mod inventory;
mod layer;
mod limits;
mod limits_routes;
mod operators;
mod pages;
mod sites;
mod stores;
mod trust;
mod versions;

use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::HeaderMap;

pub use self::admin::Admin;
pub use self::breaker_events::BreakerEvents;
pub use self::breakers::{BreakerControl, BreakerError, BreakerStatus};
pub use self::breakers_everywhere::EverywhereError;
pub use self::builder::TollgateBuilder;
pub use self::cache::{CacheControl, CacheError};
pub use self::config::{Changed, ChangedPolicy};
pub use self::config_error::ConfigError;
pub use self::current::{AlreadyInstalled, default_fallbacks};
pub use self::inventory::{Inventory, OperationEntry, SiteEntry};
pub use self::layer::{TollgateFuture, TollgateLayer, TollgateService};
pub use self::limits::{LimitsError, RateLimits};

pub(crate) use self::current::{Held, TollgateId};
pub(crate) use self::errors::note_error_layer;
pub(crate) use self::going::{By, Going};
#[cfg(any(feature = "testing", test))]
pub(crate) use self::identity::Resolved;

use self::admin::AdminToken;
use self::breaker_events::Transitions;
use self::config::Config;
use self::in_force::AllInForce;
use crate::backend::Turnstiles;
use crate::bulkhead::Bulkheads;
use crate::cache::Caches;
use crate::circuit_breaker::{Breakers, Fleet};
use crate::core::{Clock, Key, Policy, PolicySet};
#[cfg(feature = "openapi")]
use crate::http::reshape::reshape;
use crate::http::{AnyResolver, ClientRule, ErrorStyle};
use crate::metrics::{self, DecisionCount, Instruments};
use crate::pages::PageSettings;
use crate::rate_limit::{Limits, Scope};
use crate::retry::Budgets;
use crate::versioning::Schemes;

/// What calls wait for: a budget.
pub(crate) type WaitsFor = (Scope, Key);

/// Everything that the policies of a service share: the clock, the stores, the counters.
///
/// A cheap-to-clone handle; clones share all state. A request finds its `Tollgate` in this order: the one that
/// [`layer`](Self::layer) put around its router, the one whose [`scope`](Self::scope) it runs in, the one that was
/// [installed](Self::install) for the process, and else a default one that keeps its state in memory. So nothing
/// has to be set up to begin with. Tests that are to share no state have a `Tollgate` each:
///
/// ```
/// use axum::{Router, routing::get};
/// use tollgate::{Tollgate, rate_limited};
///
/// #[rate_limited("10/minute")]
/// async fn hello() -> &'static str {
///     "hello"
/// }
///
/// let tollgate = Tollgate::builder().build()?;
/// // After the routes: a layer of axum is around those that are there already.
/// let app: Router = Router::new().route("/", get(hello)).layer(tollgate.layer());
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct Tollgate {
    inner: Arc<Inner>,
}

struct Inner {
    id: TollgateId,
    clock: Arc<dyn Clock>,
    disabled: PolicySet,
    client_rule: ClientRule,
    resolver: Option<Arc<dyn AnyResolver>>,
    admin_token: Option<AdminToken>,
    error_style: ErrorStyle,
    limits: Limits,
    waiting: Turnstiles<WaitsFor>,
    caches: Caches,
    breakers: Arc<Breakers>,
    /// What they have to do with those of other processes.
    fleet: Option<Arc<Fleet>>,
    transitions: Transitions,
    bulkheads: Arc<Bulkheads>,
    retry_budgets: Arc<Budgets>,
    /// What they may take of memory, in bytes.
    cache_bytes: u64,
    /// Where entries are kept besides: the name of the store in metrics.
    cache_store: &'static str,
    /// How the versions of requests are found.
    schemes: Schemes,
    in_force: AllInForce,
    config: Config,
    pages: Arc<PageSettings>,
    instruments: Instruments,
}

impl Tollgate {
    /// Begins a `Tollgate`; every setting has a default.
    pub fn builder() -> TollgateBuilder {
        TollgateBuilder::default()
    }

    /// How often every policy of every site decided in which way, as this `Tollgate` saw it.
    ///
    /// Every counter is there from the start, at zero.
    #[must_use]
    pub fn decisions(&self) -> Vec<DecisionCount> {
        self.inner.instruments.decisions()
    }

    /// What is protected by what: every annotated function of the program with its policies, as they are in force.
    #[must_use]
    pub fn inventory(&self) -> Inventory {
        Inventory::of_sites(self.inner.disabled, &self.inner.in_force)
    }

    /// The inventory, joined with the operations of an OpenAPI document: which of them are protected, which are
    /// not, and which sites no operation names.
    #[cfg(feature = "openapi")]
    #[must_use]
    pub fn inventory_of(&self, document: &utoipa::openapi::OpenApi) -> Inventory {
        Inventory::of_document(self.inner.disabled, &self.inner.in_force, document)
    }

    /// Completes an OpenAPI document: adds the component schemas that operations refer to and do not have, where the program
    /// knows them, the security scheme of the [resolver](TollgateBuilder::principal) to the operations that `#[authorize]` protects,
    /// and the phrase of its status to a response that is not described.
    ///
    /// Limits are documented as they are in force: where a [configuration](TollgateBuilder::config) says otherwise than the attribute,
    /// `x-rate-limit`, the fields and the 429 say what it says. All else is documented as it is declared: a policy that this `Tollgate`
    /// [disables](TollgateBuilder::disable) stays in the document. What the document says already stays, too.
    ///
    /// An operation of [`versions!`](macro@crate::versions) is that of its newest version: [`openapi_for`](Self::openapi_for) makes a document
    /// for each.
    #[cfg(feature = "openapi")]
    #[must_use]
    pub fn openapi(&self, mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
        for scheme in self.schemes().all() {
            crate::versioning::openapi::describe(&mut document, scheme, None);
        }
        self.completed(document)
    }

    /// The same for one version of an API: with its operations alone and the component schemas that these refer to, `deprecated` and `x-sunset`
    /// where that is declared, the version as that of the document, and where clients write it in paths as that of its server.
    ///
    /// Operations without [`versioned`](macro@crate::versioned) are in every document. It takes what
    /// [`openapi`](Self::openapi) takes: the document as utoipa collects it.
    #[cfg(feature = "openapi")]
    #[must_use]
    pub fn openapi_for<V: crate::core::ApiVersion>(
        &self,
        mut document: utoipa::openapi::OpenApi,
        version: V,
    ) -> utoipa::openapi::OpenApi {
        let chosen = crate::core::Chosen::new(V::TABLE, version.place());
        for scheme in self.schemes().all() {
            let chosen = Some(chosen).filter(|chosen| chosen.is_of(scheme.table()));
            if let Some(chosen) = chosen {
                crate::versioning::openapi::narrow(&mut document, scheme, chosen);
            }
            crate::versioning::openapi::describe(&mut document, scheme, chosen);
        }
        let mut document = self.completed(document);
        crate::http::components::prune(&mut document);
        document
    }

    #[cfg(feature = "openapi")]
    fn completed(&self, mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
        document::limit(&mut document, self.in_force());
        utoipa::Modify::modify(&crate::http::openapi::Components, &mut document);
        if let Some(resolver) = &self.inner.resolver {
            document::secure(&mut document, &resolver.any_scheme());
        }
        reshape(&mut document, self.error_style());
        document
    }

    /// The handler of a route that Prometheus scrapes: text 0.0.4, or OpenMetrics 1.0.0 where `Accept` prefers it.
    ///
    /// Anybody who can reach the route can read it: serve it on a port of its own, or guard it with
    /// [`Admin`] as a `route_layer`.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tollgate::Tollgate;
    ///
    /// let tollgate = Tollgate::builder().build()?;
    /// let app: Router = Router::new().route("/metrics", get(tollgate.metrics_handler()));
    /// # Ok::<_, tollgate::ConfigError>(())
    /// ```
    pub fn metrics_handler(&self) -> impl Fn(HeaderMap) -> Ready<Response> + Clone + Send + Sync + use<> {
        let tollgate = self.clone();
        move |headers| ready(metrics::http::answer(&tollgate.inner.instruments, &headers))
    }

    /// The handler of a route that shows the [inventory](Self::inventory) as JSON to whoever presents the
    /// [admin token](TollgateBuilder::admin_token), and to nobody else. An [`Inventory`] is an answer: a handler of your own that
    /// takes [`Admin`] can give the one that is joined with a document.
    pub fn inventory_handler(&self) -> impl Fn(HeaderMap) -> Ready<Response> + Clone + Send + Sync + use<> {
        let tollgate = self.clone();
        move |headers| {
            ready(match tollgate.admit_admin(&headers) {
                Ok(Admin) => tollgate.inventory().into_response(),
                Err(problem) => problem.into_response(),
            })
        }
    }

    #[inline]
    pub(crate) fn is_enabled(&self, policy: Policy) -> bool {
        !self.inner.disabled.contains(policy)
    }

    pub(crate) fn id(&self) -> TollgateId {
        self.inner.id
    }

    #[inline]
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    /// The same for what goes on without its request.
    pub(crate) fn shared_clock(&self) -> &Arc<dyn Clock> {
        &self.inner.clock
    }

    pub(crate) fn budgets(&self) -> &Limits {
        &self.inner.limits
    }

    pub(crate) fn waiting(&self) -> &Turnstiles<WaitsFor> {
        &self.inner.waiting
    }

    /// What is kept of answers and values.
    #[inline]
    pub(crate) fn caches(&self) -> &Caches {
        &self.inner.caches
    }

    /// The circuit breakers of all sites.
    #[inline]
    pub(crate) fn breakers(&self) -> &Breakers {
        &self.inner.breakers
    }

    /// The bulkheads of all sites.
    #[inline]
    pub(crate) fn bulkheads(&self) -> &Bulkheads {
        &self.inner.bulkheads
    }

    /// The retry budgets of all sites.
    #[inline]
    pub(crate) fn retry_budgets(&self) -> &Budgets {
        &self.inner.retry_budgets
    }

    /// How the versions of requests are found.
    #[inline]
    pub(crate) fn schemes(&self) -> &Schemes {
        &self.inner.schemes
    }

    pub(crate) fn pages(&self) -> &Arc<PageSettings> {
        &self.inner.pages
    }

    #[inline]
    pub(crate) fn instruments(&self) -> &Instruments {
        &self.inner.instruments
    }

    pub(crate) fn client_rule(&self) -> &ClientRule {
        &self.inner.client_rule
    }
}

impl fmt::Debug for Tollgate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tollgate")
            .field("clock", &self.inner.clock)
            .field("disabled", &self.inner.disabled)
            .finish_non_exhaustive()
    }
}
