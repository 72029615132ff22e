//! How a `Tollgate` is set up.

use std::sync::Arc;

use super::admin::{AdminToken, WrittenToken};
use super::breaker_events::Transitions;
use super::config::{Config, Overrides, Sources};
use super::config_error::{ConfigError, Fault};
use super::current::TollgateId;
use super::in_force::AllInForce;
use super::pages::WrittenPages;
use super::stores::{Circuits, Stores, WrittenStore};
use super::trust::Trust;
use super::versions::WrittenVersions;
use super::{Inner, Tollgate, current, errors};
use crate::backend::{SystemClock, Turnstiles};
use crate::bulkhead::{self, Bulkheads};
use crate::cache::Caches;
use crate::circuit_breaker;
use crate::core::{
    ApiVersion, Clock, Control, Observer, Policy, PolicyEntry, PolicySet, Registry, byte_size,
};
use crate::errors::Catalogue;
use crate::http::{AnyResolver, ClientRule, ErrorShape, ErrorStyle, ForwardedHeader, PrincipalResolver};
use crate::metrics::{Instruments, NamedCache, Observers, Standing};
use crate::pages::PageSettings;
use crate::rate_limit::shared;
use crate::retry::{self, Budgets, Funds};
use crate::versioning::{self, Schemes, VersionReaders};

/// Budgets kept in memory, unless [`max_keys`](TollgateBuilder::max_keys) says otherwise.
const DEFAULT_MAX_KEYS: usize = 1_000_000;

/// How many calls may wait for budgets at once; who finds no room is refused.
const MOST_WAITING: usize = 65_536;

/// What caches may take of memory, unless [`cache_memory`](TollgateBuilder::cache_memory) says otherwise.
const CACHE_BYTES: u64 = 64 << 20;

/// Sets up a [`Tollgate`].
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `.build()`"]
pub struct TollgateBuilder {
    clock: Option<Arc<dyn Clock>>,
    disabled: PolicySet,
    max_keys: usize,
    cache_memory: Option<String>,
    trust: Trust,
    resolver: Option<Arc<dyn AnyResolver>>,
    is_resolver_given_twice: bool,
    admin_token: Option<WrittenToken>,
    pub(super) pages: WrittenPages,
    observers: Observers,
    error_style: ErrorStyle,
    problem_types: Option<String>,
    versions: WrittenVersions,
    pub(super) store: WrittenStore,
    pub(super) sources: Sources,
}

/// The settings that can be wrong, once they are not.
struct Checked {
    clock: Arc<dyn Clock>,
    client_rule: ClientRule,
    admin_token: Option<AdminToken>,
    stores: Stores,
    cache_bytes: u64,
    pages: PageSettings,
    schemes: Schemes,
}

fn system_clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock::new())
}

impl Default for TollgateBuilder {
    fn default() -> Self {
        Self {
            clock: None,
            disabled: PolicySet::EMPTY,
            max_keys: DEFAULT_MAX_KEYS,
            cache_memory: None,
            trust: Trust::default(),
            resolver: None,
            is_resolver_given_twice: false,
            admin_token: None,
            pages: WrittenPages::default(),
            observers: Observers::default(),
            error_style: ErrorStyle::DEFAULT,
            problem_types: None,
            versions: WrittenVersions::default(),
            store: WrittenStore::default(),
            sources: Sources::default(),
        }
    }
}

impl TollgateBuilder {
    /// Another clock than the system's: `tollgate::testing::ManualClock` (feature `testing`) stands still until a
    /// test moves it. A clone of a clock that is shared with the test is what to pass.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Switches a kind of policy off, at every site: its attributes then cost next to nothing and send no fields.
    ///
    /// That goes for [`Policy::Authorize`], too: everybody may then do everything, unless the function takes a
    /// [`Principal`](crate::Principal), which has to be somebody.
    pub fn disable(mut self, policy: Policy) -> Self {
        self.disabled = self.disabled.with(policy);
        self
    }

    /// How many budgets the memory keeps at most: 1 000 000 by default, up to 64 bytes each.
    ///
    /// Where about that many clients are active at once (the first signs show at nine tenths, because shards fill
    /// unevenly), those that come later share one budget per limit; nobody's
    /// state is pushed out. Keys that clients can make up (header values, keys of your own types) find room only up to
    /// three quarters of it, so the last quarter is for addresses and principals.
    pub fn max_keys(mut self, max_keys: usize) -> Self {
        self.max_keys = max_keys;
        self
    }

    /// What caches may take of the memory of this process, answers and values of functions together: `"64MiB"` unless said otherwise. Units are
    /// binary (`KiB`, `MiB`, `GiB`) or decimal (`kB`, `MB`, `GB`).
    ///
    /// What is used least goes first. This memory is used with and without a store that processes share.
    pub fn cache_memory(mut self, size: impl Into<String>) -> Self {
        self.cache_memory = Some(size.into());
        self
    }

    /// The networks of the proxies in front: `["10.0.0.0/8", "2001:db8::1"]`. None by default.
    ///
    /// Where the peer is one of them, the client's address is the right-most one of the forwarded field that is not.
    /// An entry that cannot be read ends the search; the last one found counts. A request whose peer is not known has
    /// no address: put [`trusted_hops`](Self::trusted_hops) in the place of this behind a Unix socket.
    pub fn trusted_proxies(mut self, networks: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let networks = networks.into_iter().map(|network| network.as_ref().to_owned()).collect();
        self.trust.networks(networks);
        self
    }

    /// How many proxies stand in front, each of which appends to the forwarded field whom it was asked by: with one, the
    /// client's address is the last entry, with two the last but one. Where there are fewer entries it is the first.
    ///
    /// Whoever can reach the service without passing all of them can then choose its address: prefer
    /// [`trusted_proxies`](Self::trusted_proxies) where the networks are known.
    pub fn trusted_hops(mut self, hops: usize) -> Self {
        self.trust.hops(hops);
        self
    }

    /// The one field that trusted proxies write: `X-Forwarded-For`, unless said otherwise. No other is ever read.
    pub fn forwarded_header(mut self, header: ForwardedHeader) -> Self {
        self.trust.by(header);
        self
    }

    /// Who knows the principals: [`BearerTokens`](crate::BearerTokens), [`ApiKeys`](crate::ApiKeys),
    /// [`FromExtension`](crate::FromExtension), or a [`PrincipalResolver`] of your own.
    ///
    /// Without one, whatever needs a principal answers 401, which is logged once.
    pub fn principal(mut self, resolver: impl PrincipalResolver) -> Self {
        self.is_resolver_given_twice |= self.resolver.replace(Arc::new(resolver)).is_some();
        self
    }

    /// The token that opens operational routes: see [`Admin`](crate::Admin). Without one they stay shut.
    pub fn admin_token(mut self, token: impl Into<String>) -> Self {
        self.admin_token = Some(WrittenToken::new(token));
        self
    }

    /// One more who hears of every decision and every measured request.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observers.add(observer);
        self
    }

    /// The shape of all errors: [`ProblemDetails`](crate::ProblemDetails) by default, [`Envelope`](crate::Envelope), or one of
    /// your own.
    ///
    /// It holds for whatever passes a gate of this `Tollgate` or its [`ErrorLayer`](crate::ErrorLayer), and for documents that went through
    /// `tollgate.openapi(..)`.
    pub fn error_shape(mut self, shape: impl ErrorShape) -> Self {
        self.error_style.shaped(shape);
        self
    }

    /// Where problems are explained: `/problems` by default. The `type` of a problem that is declared without one is this with its
    /// code. A path is that of [`problem_routes`](Tollgate::problem_routes), and has the [base URL](Self::base_url) in front where there
    /// is one; an absolute URI stays as it is, and may be that of a site of its own.
    pub fn problem_types(mut self, place: impl Into<String>) -> Self {
        self.problem_types = Some(place.into());
        self
    }

    /// Where clients write which version of the API `V` they ask for: in the header field `API-Version`, unless said otherwise.
    pub fn versions<V: ApiVersion>(mut self, readers: VersionReaders) -> Self {
        self.versions.of(V::TABLE, readers);
        self
    }

    /// The `Tollgate`.
    ///
    /// # Errors
    /// Where `max_keys` or `trusted_hops` is zero; `cache_memory` is zero or no size; a trusted proxy is no network, or everybody; trust or
    /// the resolver is given twice; a forwarded header is named that nobody is trusted to write; the resolver could never do its work; the admin
    /// token or a secret of cursors is too short to be one; the base URL is none; cursors are valid for no time; problems are explained
    /// nowhere; two types declare one code as different problems; two functions were given one `name = ".."`, or one `control`; limits that share their
    /// budgets differ; versions are read nowhere, or from what is no field, path or media type; an item of `versions!` leaves
    /// one out without saying so; or a configuration cannot be read, or names what is not there. It tells everything that is wrong.
    pub fn build(mut self) -> Result<Tollgate, ConfigError> {
        let mut faults: Vec<_> =
            Registry::get().collisions().iter().cloned().map(Fault::NameCollision).collect();
        faults.extend(Control::collisions().into_iter().map(Fault::SharedHandle));
        faults.extend(Catalogue::collisions().into_iter().map(Fault::CodeCollision));
        match self.problem_types.as_deref().map(errors::explained_at) {
            Some(Ok(place)) => self.error_style.explained_at(place),
            Some(Err(fault)) => faults.push(fault),
            None => {}
        }
        if self.max_keys == 0 {
            faults.push(Fault::NoKeys);
        }
        let cache_bytes = self.cache_bytes().unwrap_or_else(|fault| {
            faults.push(fault);
            CACHE_BYTES
        });
        let client_rule = self.trust.rule(&mut faults);
        if self.is_resolver_given_twice {
            faults.push(Fault::TwoResolvers);
        }
        if let Some(Err(fault)) = self.resolver.as_ref().map(|resolver| resolver.validate_any()) {
            faults.push(Fault::NoResolver(fault));
        }
        let admin_token = self.admin_token.as_ref().map(WrittenToken::kept);
        if admin_token.as_ref().is_some_and(Option::is_none) {
            faults.push(Fault::WeakAdminToken);
        }
        let pages = self.pages.settings(&mut faults);
        self.error_style.based_on(pages.base_url());
        faults.extend(shared::conflicts().into_iter().map(Fault::Config));
        faults.extend(circuit_breaker::shared::conflicts().into_iter().map(Fault::Config));
        faults.extend(retry::shared::conflicts().into_iter().map(Fault::Config));
        faults.extend(bulkhead::shared::conflicts().into_iter().map(Fault::Config));
        faults.extend(versioning::coverage::faults().into_iter().map(Fault::Config));
        let schemes = std::mem::take(&mut self.versions).schemes(&mut faults);
        let overrides = self.sources.read().unwrap_or_else(|told| {
            faults.extend(told);
            Overrides::default()
        });
        let clock = self.clock.take().unwrap_or_else(system_clock);
        let stores = self.store.open(self.max_keys, &clock, &mut faults);
        if !faults.is_empty() {
            return Err(ConfigError { faults });
        }
        current::note_built();
        self.warn_of_missing_resolver();
        pages.warn_of_missing_key();
        let tollgate = self.build_of(Checked {
            clock,
            client_rule,
            admin_token: admin_token.flatten(),
            stores,
            cache_bytes,
            pages,
            schemes,
        });
        overrides.put_into_force(&tollgate.inner.in_force, tollgate.breakers());
        Ok(tollgate)
    }

    fn cache_bytes(&self) -> Result<u64, Fault> {
        let Some(written) = &self.cache_memory else { return Ok(CACHE_BYTES) };
        match byte_size(written) {
            Some(bytes) if bytes > 0 => Ok(bytes),
            _ => Err(Fault::NoCacheMemory(written.clone())),
        }
    }

    /// Not an error: a program may have several of them, and not all serve what needs a principal.
    fn warn_of_missing_resolver(&self) {
        let is_needed = |entry: &PolicyEntry| entry.policy == Policy::Authorize;
        let mut sites = Registry::get().sites().iter().filter(|site| site.policies().iter().any(is_needed));
        if self.resolver.is_none()
            && !self.disabled.contains(Policy::Authorize)
            && let Some(site) = sites.next()
        {
            tracing::warn!(
                site = site.name(),
                more = sites.count(),
                "`#[authorize]` will refuse everybody: this Tollgate has no `.principal(..)`"
            );
        }
    }

    /// For the in-memory default, which has nobody to report an error to.
    pub(super) fn build_unchecked(self) -> Tollgate {
        let checked = Checked {
            clock: system_clock(),
            client_rule: ClientRule::default(),
            admin_token: None,
            stores: Stores::memory(self.max_keys),
            cache_bytes: CACHE_BYTES,
            pages: PageSettings::default(),
            schemes: Schemes::new(Vec::new()),
        };
        self.build_of(checked)
    }

    fn build_of(self, checked: Checked) -> Tollgate {
        let Checked { clock, client_rule, admin_token, stores, cache_bytes, pages, schemes } = checked;
        let Stores { limits, entries, circuits } = stores;
        let store = limits.store();
        let caches = Caches::new(cache_bytes, &clock, entries);
        let gauges: [NamedCache; 2] =
            [("answers", Arc::clone(caches.answers()) as _), ("values", Arc::clone(caches.values()) as _)];
        let transitions = Transitions::new();
        let (breakers, fleet) = Circuits::breakers(circuits, &clock, transitions.teller(&self.observers));
        let bulkheads = Arc::new(Bulkheads::default());
        let retry_budgets = Arc::new(Budgets::new());
        let funds = Funds { budgets: Arc::clone(&retry_budgets), clock: Arc::clone(&clock) };
        let standing = Standing {
            circuits: Arc::clone(&breakers) as _,
            crowds: Arc::clone(&bulkheads) as _,
            funds: Some(Arc::new(funds)),
        };
        Tollgate {
            inner: Arc::new(Inner {
                id: TollgateId::new(),
                clock,
                disabled: self.disabled,
                client_rule,
                resolver: self.resolver,
                admin_token,
                error_style: self.error_style,
                limits,
                caches,
                breakers,
                fleet,
                transitions,
                bulkheads,
                retry_budgets,
                cache_bytes,
                cache_store: store,
                waiting: Turnstiles::with_room_for(MOST_WAITING),
                schemes,
                in_force: AllInForce::default(),
                config: Config::new(self.sources),
                pages: Arc::new(pages),
                instruments: Instruments::new(self.observers, store, gauges, standing),
            }),
        }
    }
}
