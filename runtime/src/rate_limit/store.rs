//! What a limiter asks of the place that keeps its budgets.

use std::fmt;

use smallvec::SmallVec;

use super::engine::{self, Charge, Standing, Verdict};
use super::policy::{Algorithm, OnStoreError, Rate};
use crate::core::{Key, Moment};

/// Tells the budgets of one limit from those of all others: 48 bits, of which the upper 16 tell its tiers apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Scope(u64);

impl Scope {
    /// Of the limit with that number.
    pub(crate) const fn new(number: u32) -> Self {
        Self(number as u64)
    }

    /// The same limit with other rates.
    pub(crate) const fn of_tier(self, tier: u16) -> Self {
        Self(self.0 | (tier as u64) << 32)
    }

    /// Whether its rates were chosen. The number of a tier means something in this process alone.
    #[cfg(feature = "redis")]
    pub(crate) const fn is_tier(self) -> bool {
        self.0 >> 32 != 0
    }

    /// The number of the limit.
    #[cfg(feature = "redis")]
    #[allow(clippy::cast_possible_truncation, reason = "the lower half")]
    pub(crate) const fn number(self) -> u32 {
        self.0 as u32
    }

    /// As a number below 2⁴⁸.
    pub(crate) const fn bits(self) -> u64 {
        self.0
    }
}

/// One limit's question: may `key` spend `cost`?
#[derive(Clone, Debug)]
pub(crate) struct Ask<'a> {
    /// Tells the limit's budgets from those of all others.
    pub scope: Scope,
    /// Whose budget.
    pub key: Key,
    /// How many permits.
    pub cost: u32,
    /// The rates that all have to admit it.
    pub rates: &'a [Rate],
    /// How these count.
    pub algorithm: Algorithm,
    /// Whether a refusal is only reported. It then neither charges this limit nor keeps others from charging.
    pub shadow: bool,
    /// What happens while a shared store is away.
    pub on_store_error: OnStoreError,
    /// How many permits are taken from a shared store at once; zero for none but those that are spent.
    pub lease: u32,
}

impl<'a> Ask<'a> {
    /// A question with the defaults: one permit, counted by GCRA.
    pub(crate) const fn new(scope: Scope, key: Key, rates: &'a [Rate]) -> Self {
        Self {
            scope,
            key,
            cost: 1,
            rates,
            algorithm: Algorithm::Gcra,
            shadow: false,
            on_store_error: OnStoreError::Local,
            lease: 0,
        }
    }
}

/// What one rate said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ruling {
    /// To the cost.
    pub(crate) verdict: Verdict,
    left: Left,
}

/// How a budget stands after a decision, as the store knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// The state of GCRA: how it stands is worked out when somebody asks.
    FullAt(Option<Moment>),
    /// As it was told.
    Told(Standing),
}

impl Ruling {
    /// A ruling by GCRA, whose budget is full again at that moment.
    #[inline]
    pub(super) const fn until_full(verdict: Verdict, full_at: Option<Moment>) -> Self {
        Self { verdict, left: Left::FullAt(full_at) }
    }

    /// A ruling, and how the budget stands after it.
    pub(super) const fn told(verdict: Verdict, standing: Standing) -> Self {
        Self { verdict, left: Left::Told(standing) }
    }

    /// Whether the cost fits this rate.
    #[inline]
    pub(crate) const fn fits(&self) -> bool {
        matches!(self.verdict, Verdict::Fits)
    }

    /// What is known of a charge that was asked for at that moment, and of which this was heard at `now`.
    pub(crate) fn charge(&self, algorithm: Algorithm, rate: &Rate, at: Moment, now: Moment) -> Charge {
        let full_at = match self.left {
            Left::FullAt(full_at) => full_at.unwrap_or(now),
            Left::Told(standing) => now.saturating_add_nanos(engine::full_in(algorithm, rate, standing)),
        };
        Charge { at, full_at }
    }

    /// How the budget of that rate stands.
    #[inline]
    pub(crate) fn standing(&self, rate: &Rate, now: Moment) -> Standing {
        match self.left {
            Left::FullAt(full_at) => engine::gcra::standing(rate, full_at, now),
            Left::Told(standing) => standing,
        }
    }
}

/// What all rates of all limits said, in the order of the question. Most functions have one rate or two.
pub(crate) type Decision = SmallVec<[Ruling; 2]>;

/// What is known of the charges of all rates of all asks, in their order.
pub(crate) type Charges = SmallVec<[Charge; 2]>;

impl Ask<'_> {
    /// What is known of the charge of each rate, by what was ruled of it.
    pub(crate) fn charges(&self, rulings: &[Ruling], at: Moment, now: Moment) -> Charges {
        let charge = |(rate, ruling): (&Rate, &Ruling)| ruling.charge(self.algorithm, rate, at, now);
        self.rates.iter().zip(rulings).map(charge).collect()
    }
}

/// The store could not be asked.
#[derive(Debug)]
pub(crate) struct Unavailable;

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store of the rate limiter is not available")
    }
}

impl std::error::Error for Unavailable {}

/// Keeps budgets.
///
/// # Contract
/// * One decision over all `asks`: every rate is checked before any is charged, and either all limits are charged or
///   none. A limit in shadow mode that does not fit stands aside.
/// * Decisions on one key are taken one after another, so concurrent requests never spend one permit twice.
/// * A budget may be forgotten only when it is full.
/// * A failure charges nothing that it reports as failed; a store may lose a permit, never grant one.
pub(crate) trait Store: Send + Sync {
    /// Decides, and charges where everything fits.
    fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Result<Decision, Unavailable>;

    /// The same for one limit of one rate, where the store can say it on the spot: the usual case, which so needs no list.
    /// Where it says nothing, nothing was charged, and the question is to be [decided](Self::decide).
    #[inline]
    fn decide_at_once(&self, ask: &Ask<'_>, now: Moment) -> Option<Ruling> {
        let _ = (ask, now);
        None
    }
}
