//! `Tollgate`: the one value that holds clocks, stores and counters, and how a request finds it.

mod builder;
mod current;
mod inventory;
mod layer;

use std::fmt;
use std::sync::Arc;

pub use self::builder::{ConfigError, TollgateBuilder};
pub use self::current::{AlreadyInstalled, default_fallbacks};
pub use self::inventory::{Inventory, OperationEntry, SiteEntry};
pub use self::layer::{TollgateLayer, TollgateService};

pub(crate) use self::current::Held;

use crate::core::{Clock, Policy, PolicySet};
use crate::metrics::{DecisionCount, Decisions};
use crate::rate_limit::Memory;

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
    clock: Arc<dyn Clock>,
    disabled: PolicySet,
    limits: Memory,
    decisions: Decisions,
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
        self.inner.decisions.counts()
    }

    /// What is protected by what: every annotated function of the program with its policies.
    #[must_use]
    pub fn inventory(&self) -> Inventory {
        Inventory::of_sites(self.inner.disabled)
    }

    /// The inventory, joined with the operations of an OpenAPI document: which of them are protected, which are
    /// not, and which sites no operation names.
    #[cfg(feature = "openapi")]
    #[must_use]
    pub fn inventory_of(&self, document: &utoipa::openapi::OpenApi) -> Inventory {
        Inventory::of_document(self.inner.disabled, document)
    }

    /// Completes an OpenAPI document: adds the component schemas that documented policies refer to.
    ///
    /// Documents of `utoipa_axum`'s router have them already; those of `derive(OpenApi)` need this, or
    /// [`Components`](crate::openapi::Components) among their modifiers. What is documented is what is declared:
    /// a policy that this `Tollgate` disables stays in the document.
    #[cfg(feature = "openapi")]
    #[must_use]
    pub fn openapi(&self, mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
        utoipa::Modify::modify(&crate::http::openapi::Components, &mut document);
        document
    }

    pub(crate) fn is_enabled(&self, policy: Policy) -> bool {
        !self.inner.disabled.contains(policy)
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    pub(crate) fn limits(&self) -> &Memory {
        &self.inner.limits
    }

    pub(crate) fn observer(&self) -> &Decisions {
        &self.inner.decisions
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
