//! One limit, built step by step; what does not go together does not compile.

use super::super::interned;
use super::{Algorithm, Cost, KeySource, MOST_LOGGED, Missing, OnStoreError, Rate, Rates};
use crate::core::{Outcome, Policy, PolicyEntry};
use crate::http::RequestFacts;

/// One `#[rate_limited]`.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    label: &'static str,
    key_words: &'static str,
    key: KeySource,
    rates: &'static [Rate],
    missing: Missing,
    cost: Cost,
    shadow: bool,
    after_authorize: bool,
    algorithm: Algorithm,
    tiers: Option<fn(&RequestFacts<'_>) -> Rates>,
    /// What stands in front of the names of rates that are chosen while the service runs: `ip-`.
    prefix: &'static str,
    charge_on: &'static [u16],
    on_store_error: OnStoreError,
    lease: u32,
    share: Option<&'static str>,
    of_calls: bool,
}

impl Limit {
    /// A limit with the defaults: a missing key is shared, a request costs one, refusals are real.
    ///
    /// # Panics
    /// At compile time, where there is no rate.
    #[must_use]
    pub const fn new(
        label: &'static str,
        key_words: &'static str,
        key: KeySource,
        rates: &'static [Rate],
    ) -> Self {
        assert!(!rates.is_empty(), "a limit needs a rate");
        Self {
            label,
            key_words,
            key,
            rates,
            missing: Missing::Anonymous,
            cost: Cost::Fixed(1),
            shadow: false,
            after_authorize: false,
            algorithm: Algorithm::Gcra,
            tiers: None,
            prefix: "",
            charge_on: &[],
            on_store_error: OnStoreError::Local,
            lease: 0,
            share: None,
            of_calls: false,
        }
    }

    /// With another answer to a missing key.
    #[must_use]
    pub const fn missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// With another cost.
    ///
    /// # Panics
    /// At compile time, where it does not fit the [lease](Self::lease).
    #[must_use]
    pub const fn cost(mut self, cost: Cost) -> Self {
        self.cost = cost;
        if self.lease > 0 { self.lease(self.lease) } else { self }
    }

    /// Counting and reporting only.
    #[must_use]
    pub const fn shadow(mut self) -> Self {
        self.shadow = true;
        self
    }

    /// Behind `authorize`, although its key needs no principal.
    #[must_use]
    pub const fn after_authorize(mut self) -> Self {
        self.after_authorize = true;
        self
    }

    /// With another way of counting.
    ///
    /// # Panics
    /// At compile time, where a rate has a burst of its own and the algorithm knows none, or a quota above 10 000 would be
    /// counted by a log.
    #[must_use]
    pub const fn algorithm(mut self, algorithm: Algorithm) -> Self {
        let knows_bursts = matches!(algorithm, Algorithm::Gcra | Algorithm::TokenBucket);
        let is_log = matches!(algorithm, Algorithm::SlidingLog);
        let mut place = 0;
        while place < self.rates.len() {
            let rate = &self.rates[place];
            assert!(
                knows_bursts || rate.capacity() == rate.quota(),
                "a burst needs `gcra` or `token_bucket`"
            );
            assert!(!is_log || rate.quota() <= MOST_LOGGED, "a `sliding_log` counts to 10 000 at most");
            place += 1;
        }
        self.algorithm = algorithm;
        self
    }

    /// With rates that a function chooses for each request; the declared ones are those that documents show.
    #[must_use]
    pub const fn tiers(mut self, tiers: fn(&RequestFacts<'_>) -> Rates) -> Self {
        self.tiers = Some(tiers);
        self
    }

    /// With what stands in front of the names of rates that are chosen while the service runs.
    #[must_use]
    pub const fn prefix(mut self, prefix: &'static str) -> Self {
        self.prefix = prefix;
        self
    }

    /// Charging only where the answer has one of these statuses. A permit is taken before, and given back after all others.
    ///
    /// # Panics
    /// At compile time, where there is no status, or permits are [leased](Self::lease).
    #[must_use]
    pub const fn charge_on(mut self, statuses: &'static [u16]) -> Self {
        assert!(!statuses.is_empty(), "a limit that charges on no status limits nothing");
        self.charge_on = statuses;
        self.not_both()
    }

    /// With another answer to a store that is away.
    #[must_use]
    pub const fn on_store_error(mut self, on_store_error: OnStoreError) -> Self {
        self.on_store_error = on_store_error;
        self
    }

    /// Taking permits from a shared store in blocks of so many.
    ///
    /// # Panics
    /// At compile time, where it is zero, more than a rate ever admits at once or less than a request costs, where a request
    /// costs nothing, or where the limit [charges on an outcome](Self::charge_on).
    #[must_use]
    pub const fn lease(mut self, lease: u32) -> Self {
        assert!(lease > 0, "a lease of nothing");
        let mut place = 0;
        while place < self.rates.len() {
            assert!(
                lease <= self.rates[place].capacity(),
                "a lease is at most what each rate admits at once"
            );
            place += 1;
        }
        if let Cost::Fixed(cost) = self.cost {
            assert!(cost > 0 && cost <= lease, "a request costs at least one permit, and at most the lease");
        }
        self.lease = lease;
        self.not_both()
    }

    /// What was not charged goes back to the store in time for others to be admitted; a block goes there as a whole, and later.
    const fn not_both(self) -> Self {
        assert!(
            self.lease == 0 || self.charge_on.is_empty(),
            "a lease settles whole blocks with the store, and `charge_on` each request: write one of them"
        );
        self
    }

    /// Sharing its budgets with the limits of other functions that say the same.
    #[must_use]
    pub const fn share(mut self, share: &'static str) -> Self {
        self.share = Some(share);
        self
    }

    /// Counting calls, which name their keys themselves: no request is charged to it.
    #[must_use]
    pub(crate) const fn of_calls(mut self) -> Self {
        self.of_calls = true;
        self
    }

    /// Whether it stands behind `authorize`, not at the door.
    #[must_use]
    pub const fn stands_behind(&self) -> bool {
        self.after_authorize || self.key.needs_principal()
    }

    /// Whether it stands there although its key needs no principal.
    #[must_use]
    pub const fn stands_after(&self) -> bool {
        self.after_authorize
    }

    /// Its name in metrics.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        self.label
    }

    /// Its key as the attribute spells it.
    #[must_use]
    pub const fn key_words(&self) -> &'static str {
        self.key_words
    }

    /// Where its key comes from.
    #[must_use]
    pub const fn key(&self) -> &KeySource {
        &self.key
    }

    /// Its rates.
    #[must_use]
    pub const fn rates(&self) -> &'static [Rate] {
        self.rates
    }

    /// What happens where the key is missing.
    #[must_use]
    pub const fn on_missing(&self) -> Missing {
        self.missing
    }

    /// What a request costs.
    #[must_use]
    pub const fn request_cost(&self) -> Cost {
        self.cost
    }

    /// Whether it only counts and reports.
    #[must_use]
    pub const fn is_shadow(&self) -> bool {
        self.shadow
    }

    /// How it counts.
    #[must_use]
    pub const fn counting(&self) -> Algorithm {
        self.algorithm
    }

    /// The function that chooses its rates.
    #[must_use]
    pub const fn tiers_of(&self) -> Option<fn(&RequestFacts<'_>) -> Rates> {
        self.tiers
    }

    /// What stands in front of the names of rates that are chosen while the service runs.
    #[must_use]
    pub const fn rate_prefix(&self) -> &'static str {
        self.prefix
    }

    /// The statuses that are charged; all of them where there are none.
    #[must_use]
    pub const fn charged_statuses(&self) -> &'static [u16] {
        self.charge_on
    }

    /// What happens while the store is away.
    #[must_use]
    pub const fn store_error(&self) -> OnStoreError {
        self.on_store_error
    }

    /// How many permits it takes from a shared store at once; zero where it takes each alone.
    #[must_use]
    pub const fn block(&self) -> u32 {
        self.lease
    }

    /// With whom it shares its budgets.
    #[must_use]
    pub const fn shared_as(&self) -> Option<&'static str> {
        self.share
    }

    /// Whether it counts calls, and not requests.
    #[must_use]
    pub(crate) const fn is_of_calls(&self) -> bool {
        self.of_calls
    }

    /// Whether it counts calls by a template, which always names an argument in braces.
    #[must_use]
    pub(crate) fn counts_by_arguments(&self) -> bool {
        self.of_calls && self.key_words.contains('{')
    }

    /// How an inventory lists it.
    #[must_use]
    pub fn entry(&'static self) -> PolicyEntry {
        let summary = self.to_string();
        let entry = PolicyEntry::new(Policy::RateLimit, self.label, summary, self.outcomes());
        entry.declared_as(self).reporting_only(self.shadow)
    }

    /// How its decisions can end. Configuration may switch shadow mode on and off.
    const fn outcomes(&self) -> &'static [Outcome] {
        use Outcome::{
            Admitted, LocallyAdmitted, LocallyRefused, Refused, ShadowRefused, Skipped, StoreFailed,
            StoreRefused,
        };
        match self.on_store_error {
            OnStoreError::Local => {
                &[Admitted, Refused, ShadowRefused, Skipped, LocallyAdmitted, LocallyRefused]
            }
            OnStoreError::Open => &[Admitted, Refused, ShadowRefused, Skipped, StoreFailed],
            OnStoreError::Closed => &[Admitted, Refused, ShadowRefused, Skipped, StoreRefused],
        }
    }

    /// The same limit as a configuration wants it.
    pub(in crate::rate_limit) const fn configured(mut self, rates: &'static [Rate], shadow: bool) -> Self {
        (self.rates, self.shadow) = (rates, shadow);
        self
    }

    /// Whether its one question is all there is to it: nothing is chosen while the service runs, and nothing given back.
    pub(in crate::rate_limit) const fn is_plain(&self) -> bool {
        self.tiers.is_none() && self.charge_on.is_empty()
    }

    /// The rates that its function chose, under the names that they have beside those of the other limits.
    pub(in crate::rate_limit) fn named(&self, rates: Rates) -> &'static [Rate] {
        if self.prefix.is_empty() { rates.as_slice() } else { interned::prefixed(self.prefix, rates) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    /// A limit of five a second.
    fn limit() -> Limit {
        const RATES: &[Rate] = &[Rate::new("default", 5, SECOND)];
        Limit::new("rate_limited", "ip", KeySource::Address, RATES)
    }

    /// A limit of five a second, and nine at once.
    fn limit_with_burst() -> Limit {
        const RATES: &[Rate] = &[Rate::new("default", 5, SECOND).burst(9)];
        Limit::new("rate_limited", "ip", KeySource::Address, RATES)
    }

    #[test]
    fn a_burst_goes_with_what_knows_bursts() {
        for algorithm in [Algorithm::Gcra, Algorithm::TokenBucket] {
            assert_eq!(limit_with_burst().algorithm(algorithm).counting(), algorithm);
        }
    }

    #[test]
    #[should_panic(expected = "a burst needs `gcra` or `token_bucket`")]
    fn a_window_knows_no_burst() {
        let _ = limit_with_burst().algorithm(Algorithm::FixedWindow);
    }

    #[test]
    #[should_panic(expected = "counts to 10 000 at most")]
    fn a_log_has_an_end() {
        const RATES: &[Rate] = &[Rate::new("second", 10_000, SECOND), Rate::new("2s", 10_001, 2 * SECOND)];
        let _ = Limit::new("l", "ip", KeySource::Address, RATES).algorithm(Algorithm::SlidingLog);
    }

    #[test]
    #[should_panic(expected = "at most what each rate admits at once")]
    fn a_lease_above_the_capacity_is_refused() {
        let _ = limit().lease(6);
    }

    #[test]
    #[should_panic(expected = "at most the lease")]
    fn a_lease_below_the_cost_is_refused() {
        let _ = limit().lease(2).cost(Cost::Fixed(3));
    }

    #[test]
    #[should_panic(expected = "at least one permit")]
    fn a_lease_of_what_costs_nothing_is_refused() {
        let _ = limit().cost(Cost::Fixed(0)).lease(2);
    }

    #[test]
    #[should_panic(expected = "write one of them")]
    fn a_lease_and_charging_on_an_outcome_are_refused() {
        let _ = limit().charge_on(&[401]).lease(2);
    }

    #[test]
    #[should_panic(expected = "limits nothing")]
    fn charging_on_no_status_is_refused() {
        let _ = limit().charge_on(&[]);
    }
}
