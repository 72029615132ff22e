//! The kinds of policy there are, and what an inventory says of one.

use std::any::Any;
use std::fmt;

use super::event::Outcome;

/// A kind of policy.
///
/// Names what [`disable`](crate::TollgateBuilder::disable) switches off and what an inventory lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Policy {
    /// `#[with_metrics]`
    Metrics,
    /// `#[versioned]`
    Version,
    /// `#[rate_limited]`
    RateLimit,
    /// `#[authorize]`
    Authorize,
    /// `#[fallback]`
    Fallback,
    /// `#[invalidates]`
    Invalidate,
    /// `#[cached]`
    Cache,
    /// `#[call::retry]`
    Retry,
    /// `#[circuit_breaker]`
    CircuitBreaker,
    /// `#[bulkhead]`
    Bulkhead,
    /// `#[timeout]`
    Timeout,
}

impl Policy {
    /// Every kind, outermost first.
    pub const ALL: &'static [Self] = &[
        Self::Metrics,
        Self::Version,
        Self::RateLimit,
        Self::Authorize,
        Self::Fallback,
        Self::Invalidate,
        Self::Cache,
        Self::Retry,
        Self::CircuitBreaker,
        Self::Bulkhead,
        Self::Timeout,
    ];

    /// The attribute that declares it.
    #[must_use]
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Metrics => "with_metrics",
            Self::Version => "versioned",
            Self::RateLimit => "rate_limited",
            Self::Authorize => "authorize",
            Self::Fallback => "fallback",
            Self::Invalidate => "invalidates",
            Self::Cache => "cached",
            Self::Retry => "retry",
            Self::CircuitBreaker => "circuit_breaker",
            Self::Bulkhead => "bulkhead",
            Self::Timeout => "timeout",
        }
    }
}

/// A set of policy kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PolicySet(u32);

impl PolicySet {
    /// The set that holds nothing.
    pub(crate) const EMPTY: Self = Self(0);

    /// This set and `policy`.
    #[must_use]
    pub(crate) const fn with(self, policy: Policy) -> Self {
        Self(self.0 | 1 << policy as u32)
    }

    /// Whether `policy` is in it.
    #[inline]
    #[must_use]
    pub(crate) const fn contains(self, policy: Policy) -> bool {
        self.0 & (1 << policy as u32) != 0
    }
}

/// One policy of one site, as an inventory lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyEntry {
    /// Its kind.
    pub policy: Policy,
    /// Its name in metrics: the attribute's, and for further limits of one function, in the order of their keys,
    /// `rate_limited:<key>`.
    pub label: &'static str,
    /// What it does, for people: `"10 per 10s by ip"`. Empty where the label says it all.
    pub summary: String,
    /// The outcomes that its decisions can have, which is what makes its counters present at zero.
    pub outcomes: &'static [Outcome],
    declared: Declared,
    reports_only: bool,
}

/// The constant that the attribute declared, for the room that knows its type. It takes no part in comparisons: what people see of
/// it is the summary.
#[derive(Clone, Copy, Default)]
struct Declared(Option<&'static (dyn Any + Send + Sync)>);

impl PartialEq for Declared {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Declared {}

impl fmt::Debug for Declared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("..")
    }
}

impl PolicyEntry {
    /// An entry of a kind of policy.
    #[must_use]
    pub fn new(
        policy: Policy,
        label: &'static str,
        summary: impl Into<String>,
        outcomes: &'static [Outcome],
    ) -> Self {
        Self {
            policy,
            label,
            summary: summary.into(),
            outcomes,
            declared: Declared::default(),
            reports_only: false,
        }
    }

    /// In shadow mode or not: there, what it refuses is told, and passes.
    #[must_use]
    pub(crate) const fn reporting_only(mut self, reports_only: bool) -> Self {
        self.reports_only = reports_only;
        self
    }

    /// With the constant that the attribute declared.
    #[must_use]
    pub(crate) fn declared_as<T: Send + Sync>(mut self, declared: &'static T) -> Self {
        self.declared = Declared(Some(declared));
        self
    }

    /// That constant, for whoever knows its type.
    #[must_use]
    pub(crate) fn declared<T: 'static>(&self) -> Option<&'static T> {
        self.declared.0?.downcast_ref()
    }

    /// Whether it can refuse a request, so that what has it counts as protected. In shadow mode it cannot. Who asks for another version is
    /// refused, and nobody is protected by that.
    #[must_use]
    pub fn protects(&self) -> bool {
        !self.reports_only && self.policy != Policy::Version && self.outcomes.contains(&Outcome::Refused)
    }
}
