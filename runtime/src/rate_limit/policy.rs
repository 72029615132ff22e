//! What `#[rate_limited]` declares, as constants that are checked while they are built.

use std::fmt;

use ::http::HeaderName;

use crate::core::{Key, Outcome, Policy, PolicyEntry};
use crate::http::RequestFacts;

/// How many rates the limits of one function may have together.
pub(super) const MAX_RATES: usize = 8;
/// The highest quota of a rate that is counted by a log, which keeps an entry for each request.
const MOST_LOGGED: u32 = 10_000;

/// `quota` requests per period, and at most `burst` of them at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    name: &'static str,
    quota: u32,
    period_nanos: u64,
    emission_nanos: u64,
    burst: u32,
}

impl Rate {
    /// A rate whose burst is its quota.
    ///
    /// # Panics
    /// At compile time, where `quota` or `period_nanos` is zero, where the rate is above one request a nanosecond, or so
    /// high that rounding to nanoseconds would change it by more than a thousandth, or where refilling takes longer than a century. The attribute reports all of these on the user's own words
    /// first.
    #[must_use]
    pub const fn new(name: &'static str, quota: u32, period_nanos: u64) -> Self {
        assert!(quota > 0, "a rate of zero admits nothing");
        assert!(period_nanos >= quota as u64, "a rate is at most one request a nanosecond");
        let is_kept = period_nanos.is_multiple_of(quota as u64) || period_nanos / quota as u64 >= 1_000;
        assert!(is_kept, "a rate above a million a second divides its period into whole nanoseconds");
        Self { name, quota, period_nanos, emission_nanos: period_nanos / quota as u64, burst: quota }
            .checked()
    }

    /// The same rate with another burst.
    ///
    /// # Panics
    /// At compile time, where `burst` is zero or refilling it takes longer than a century.
    #[must_use]
    pub const fn burst(mut self, burst: u32) -> Self {
        assert!(burst > 0, "a burst of zero admits nothing");
        self.burst = burst;
        self.checked()
    }

    const fn checked(self) -> Self {
        const CENTURY: u64 = 100 * 366 * 24 * 3_600 * 1_000_000_000;
        let refills = self.emission_nanos.checked_mul(self.burst as u64);
        assert!(
            matches!(refills, Some(nanos) if nanos <= CENTURY),
            "refilling this rate takes longer than a century"
        );
        self
    }

    /// Its name on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Requests per period.
    #[must_use]
    pub const fn quota(&self) -> u32 {
        self.quota
    }

    /// The period in nanoseconds.
    #[must_use]
    pub const fn period_nanos(&self) -> u64 {
        self.period_nanos
    }

    /// The most that may be sent at once after being idle.
    #[must_use]
    pub const fn capacity(&self) -> u32 {
        self.burst
    }

    /// The time in which one request is earned, rounded down to a nanosecond: in the client's favour, by less than
    /// a nanosecond per request, and so by less than a thousandth of the rate.
    #[must_use]
    pub const fn emission_nanos(&self) -> u64 {
        self.emission_nanos
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} per {}", self.quota, Period(self.period_nanos))?;
        if self.burst == self.quota { Ok(()) } else { write!(f, ", burst {}", self.burst) }
    }
}

/// A period in the words in which people write it.
struct Period(u64);

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: [(&str, &str, u64); 6] = [
            ("day", "d", 86_400_000_000_000),
            ("hour", "h", 3_600_000_000_000),
            ("minute", "m", 60_000_000_000),
            ("second", "s", 1_000_000_000),
            ("millisecond", "ms", 1_000_000),
            ("microsecond", "us", 1_000),
        ];
        for (word, unit, nanos) in UNITS {
            if self.0 == nanos {
                return f.write_str(word);
            }
            if self.0.is_multiple_of(nanos) {
                return write!(f, "{}{unit}", self.0 / nanos);
            }
        }
        write!(f, "{}ns", self.0)
    }
}

/// Makes the key of a limit out of a request: `key = path::to::Type`.
///
/// A limit stands at the door, where nobody knows yet who asks: one whose key asks for the
/// [principal](RequestFacts::principal) needs `after = authorize`.
///
/// ```
/// use tollgate::{Key, RateLimitKey, RequestFacts};
///
/// /// One budget per tenant, who is named by a header.
/// struct Tenant;
///
/// impl RateLimitKey for Tenant {
///     fn key(facts: &RequestFacts<'_>) -> Option<Key> {
///         Some(facts.headers().get("x-tenant")?.to_str().ok()?.into())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of a rate limit",
    label = "`key = ` takes ip, global, principal, header(\"..\") or a type that implements `tollgate::RateLimitKey`",
    note = "write `impl tollgate::RateLimitKey for {Self}` with `fn key(facts: &RequestFacts<'_>) -> Option<Key>`",
    note = "the keys that are there already are written in lower case: `key = principal`, `key = ip`, `key = global`"
)]
pub trait RateLimitKey {
    /// The key of this request; `None` where it is missing, and then the attribute's `missing` says what happens.
    fn key(facts: &RequestFacts<'_>) -> Option<Key>;
}

/// Where a limit takes its key from.
#[derive(Clone, Copy, Debug)]
pub enum KeySource {
    /// The client's address.
    Address,
    /// All requests share one budget.
    Everyone,
    /// Whoever has proven who it is.
    Principal,
    /// The value of a request header.
    Header(fn() -> HeaderName),
    /// A type of the user's.
    Custom(fn(&RequestFacts<'_>) -> Option<Key>),
    /// All of these together.
    Joined(&'static [Self]),
}

impl KeySource {
    /// Whether it needs to know who asks.
    #[must_use]
    pub const fn needs_principal(&self) -> bool {
        match self {
            Self::Principal => true,
            Self::Joined(sources) => {
                let mut place = 0;
                while place < sources.len() {
                    if sources[place].needs_principal() {
                        return true;
                    }
                    place += 1;
                }
                false
            }
            Self::Address | Self::Everyone | Self::Header(_) | Self::Custom(_) => false,
        }
    }

    /// Whether it may be missing for want of something else.
    #[must_use]
    pub(super) fn needs_more_than_principal(&self) -> bool {
        match self {
            Self::Principal | Self::Everyone => false,
            Self::Address | Self::Header(_) | Self::Custom(_) => true,
            Self::Joined(sources) => sources.iter().any(Self::needs_more_than_principal),
        }
    }
}

/// What happens to a request whose key is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It shares one budget with all others whose key is missing.
    Anonymous,
    /// It is answered with 400; with 401 where it lacks a principal.
    Reject,
    /// The limit does not apply to it.
    Skip,
}

/// How a limit counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// The generic cell rate algorithm: permits come back one by one, evenly.
    #[default]
    Gcra,
    /// A bucket of tokens that fills up evenly, counted in tokens.
    TokenBucket,
    /// Two windows, of which the former weighs less and less.
    SlidingWindow,
    /// The moment of every request of the last period.
    SlidingLog,
    /// A window that begins with the first request, and then the next one.
    FixedWindow,
}

impl Algorithm {
    /// The word of the attribute.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gcra => "gcra",
            Self::TokenBucket => "token_bucket",
            Self::SlidingWindow => "sliding_window",
            Self::SlidingLog => "sliding_log",
            Self::FixedWindow => "fixed_window",
        }
    }
}

/// What happens to a request while the store that processes share is away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnStoreError {
    /// The memory of this process decides, which knows what it has seen of the store's budgets.
    #[default]
    Local,
    /// It passes.
    Open,
    /// It is answered with 503.
    Closed,
}

/// The rates that a limit has for one request, chosen by a function: `tiers = fn`.
///
/// Made by `rates!`, which checks them when they are compiled. Each has budgets of its own: whoever moves from one tier to
/// another begins there with a full one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates(&'static [Rate]);

impl Rates {
    /// As generated code declares them.
    ///
    /// # Panics
    /// At compile time, where there is none, or there are more than eight.
    #[must_use]
    pub const fn new(rates: &'static [Rate]) -> Self {
        assert!(!rates.is_empty() && rates.len() <= MAX_RATES, "between one and eight rates");
        Self(rates)
    }

    /// Each of them.
    #[must_use]
    pub const fn as_slice(self) -> &'static [Rate] {
        self.0
    }
}

/// How many permits a request takes.
#[derive(Clone, Copy, Debug)]
pub enum Cost {
    /// As many each time.
    Fixed(u32),
    /// As many as the user's function says.
    Of(fn(&RequestFacts<'_>) -> u32),
}

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
            assert!(knows_bursts || rate.burst == rate.quota, "a burst needs `gcra` or `token_bucket`");
            assert!(!is_log || rate.quota <= MOST_LOGGED, "a `sliding_log` counts to 10 000 at most");
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
            assert!(lease <= self.rates[place].burst, "a lease is at most what each rate admits at once");
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

    /// Whether it stands behind `authorize`, not at the door.
    #[must_use]
    pub const fn stands_behind(&self) -> bool {
        self.after_authorize || self.key.needs_principal()
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

    /// How an inventory lists it.
    #[must_use]
    pub fn entry(&'static self) -> PolicyEntry {
        let summary = self.to_string();
        let outcomes = if self.shadow {
            &[Outcome::Admitted, Outcome::ShadowRefused, Outcome::Skipped, Outcome::StoreFailed][..]
        } else {
            &[Outcome::Admitted, Outcome::Refused, Outcome::Skipped, Outcome::StoreFailed][..]
        };
        PolicyEntry::new(Policy::RateLimit, self.label, summary, outcomes).declared_as(self)
    }
}

impl Limit {
    /// What differs from the defaults in how it counts, and where.
    fn tell_counting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.algorithm != Algorithm::default() {
            write!(f, ", {}", self.algorithm.as_str())?;
        }
        f.write_str(if self.tiers.is_some() { ", tiers" } else { "" })?;
        for (place, status) in self.charge_on.iter().enumerate() {
            write!(f, "{}{status}", if place == 0 { ", charged on " } else { " and " })?;
        }
        if self.lease > 0 {
            write!(f, ", lease {}", self.lease)?;
        }
        if let Some(share) = self.share {
            write!(f, ", shared as {share}")?;
        }
        match self.on_store_error {
            OnStoreError::Local => Ok(()),
            OnStoreError::Open => f.write_str(", open without its store"),
            OnStoreError::Closed => f.write_str(", closed without its store"),
        }
    }
}

/// `10 per 10s by ip`, with what differs from the defaults.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, rate) in self.rates.iter().enumerate() {
            write!(f, "{}{rate}", if place == 0 { "" } else { " and " })?;
        }
        let comma = if self.rates.iter().any(|rate| rate.burst != rate.quota) { "," } else { "" };
        write!(f, "{comma} by {}", self.key_words)?;
        match self.missing {
            Missing::Anonymous => {}
            Missing::Reject if self.key.needs_principal() && self.key.needs_more_than_principal() => {
                f.write_str(", 401 or 400 without it")?;
            }
            Missing::Reject if self.key.needs_principal() => f.write_str(", 401 without it")?,
            Missing::Reject => f.write_str(", 400 without it")?,
            Missing::Skip => f.write_str(", none without it")?,
        }
        match self.cost {
            Cost::Fixed(1) => {}
            Cost::Fixed(cost) => write!(f, ", cost {cost}")?,
            Cost::Of(_) => f.write_str(", cost by request")?,
        }
        self.tell_counting(f)?;
        f.write_str(if self.after_authorize { ", after authorize" } else { "" })?;
        f.write_str(if self.shadow { ", shadow" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn rates_read_as_people_write_them() {
        let cases = [
            (Rate::new("default", 10, SECOND), "10 per second"),
            (Rate::new("default", 10, 10 * SECOND), "10 per 10s"),
            (Rate::new("default", 5, 90 * SECOND), "5 per 90s"),
            (Rate::new("default", 5, SECOND / 4), "5 per 250ms"),
            (Rate::new("default", 5, 7 * 86_400 * SECOND), "5 per 7d"),
            (Rate::new("default", 1, 1), "1 per 1ns"),
            (Rate::new("default", 100, 60 * SECOND).burst(200), "100 per minute, burst 200"),
        ];
        for (rate, words) in cases {
            assert_eq!(rate.to_string(), words);
        }
    }

    #[test]
    fn a_limit_is_listed_by_its_rates_and_key() {
        const RATES: &[Rate] = &[Rate::new("second", 5, SECOND), Rate::new("minute", 100, 60 * SECOND)];
        const LIMIT: &Limit = &Limit::new("rate_limited", "ip", KeySource::Address, RATES).shadow();
        let entry = LIMIT.entry();
        assert_eq!(entry.summary, "5 per second and 100 per minute by ip, shadow");
    }

    #[test]
    fn a_limit_tells_what_differs_from_the_defaults() {
        const RATES: &[Rate] = &[Rate::new("default", 5, SECOND)];
        const LIMIT: Limit = Limit::new("rate_limited", "ip", KeySource::Address, RATES);
        let cases = [
            (LIMIT, "5 per second by ip"),
            (LIMIT.algorithm(Algorithm::Gcra), "5 per second by ip"),
            (LIMIT.algorithm(Algorithm::SlidingLog), "5 per second by ip, sliding_log"),
            (LIMIT.tiers(|_| Rates::new(RATES)), "5 per second by ip, tiers"),
            (LIMIT.charge_on(&[401, 403]), "5 per second by ip, charged on 401 and 403"),
            (LIMIT.cost(Cost::Fixed(2)).lease(5), "5 per second by ip, cost 2, lease 5"),
            (LIMIT.share("api"), "5 per second by ip, shared as api"),
            (LIMIT.on_store_error(OnStoreError::Local), "5 per second by ip"),
            (LIMIT.on_store_error(OnStoreError::Open), "5 per second by ip, open without its store"),
            (LIMIT.on_store_error(OnStoreError::Closed), "5 per second by ip, closed without its store"),
        ];
        for (limit, words) in cases {
            assert_eq!(limit.to_string(), words);
        }
    }

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

    #[test]
    #[should_panic(expected = "a rate of zero admits nothing")]
    fn a_rate_of_zero_is_refused() {
        let _ = Rate::new("default", 0, SECOND);
    }

    #[test]
    #[should_panic(expected = "at most one request a nanosecond")]
    fn a_period_of_zero_is_refused() {
        let _ = Rate::new("default", 1, 0);
    }

    #[test]
    #[should_panic(expected = "longer than a century")]
    fn a_rate_that_never_refills_is_refused() {
        let _ = Rate::new("default", 1, 366 * 86_400 * SECOND).burst(u32::MAX);
    }
}
