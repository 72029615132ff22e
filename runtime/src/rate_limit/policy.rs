//! What `#[rate_limited]` declares, as constants that are checked while they are built.

use std::fmt;

use ::http::HeaderName;

use super::interned;
use crate::core::{Key, Outcome, Policy, PolicyEntry};
use crate::http::RequestFacts;

/// How many rates the limits of one function may have together.
pub(super) const MAX_RATES: usize = 8;

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

    /// The same rate under another name.
    #[must_use]
    pub(super) const fn called(mut self, name: &'static str) -> Self {
        self.name = name;
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
pub(super) struct Period(pub(super) u64);

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
    #[must_use]
    pub const fn cost(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
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
    /// At compile time, where a rate has a burst of its own and the algorithm knows none, or a log would grow too long.
    #[must_use]
    pub const fn algorithm(mut self, algorithm: Algorithm) -> Self {
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
    #[must_use]
    pub const fn charge_on(mut self, statuses: &'static [u16]) -> Self {
        self.charge_on = statuses;
        self
    }

    /// With another answer to a store that is away.
    #[must_use]
    pub const fn on_store_error(mut self, on_store_error: OnStoreError) -> Self {
        self.on_store_error = on_store_error;
        self
    }

    /// Taking permits from a shared store in blocks of so many.
    #[must_use]
    pub const fn lease(mut self, lease: u32) -> Self {
        self.lease = lease;
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

    /// Whether its one question is all there is to it: nothing is chosen while the service runs, and nothing given back.
    #[must_use]
    pub(super) const fn is_plain(&self) -> bool {
        self.tiers.is_none() && self.charge_on.is_empty()
    }

    /// The rates that its function chose, under the names that they have beside those of the other limits.
    pub(super) fn named(&self, rates: Rates) -> &'static [Rate] {
        if self.prefix.is_empty() { rates.as_slice() } else { interned::prefixed(self.prefix, rates) }
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
        let entry = PolicyEntry::new(Policy::RateLimit, self.label, summary, self.outcomes());
        let entry = entry.declared_as(self);
        entry.reporting_only(self.shadow)
    }

    /// How its decisions can end. Configuration may switch shadow mode on and off.
    pub(super) const fn outcomes(&self) -> &'static [Outcome] {
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
    pub(super) const fn configured(mut self, rates: &'static [Rate], shadow: bool) -> Self {
        (self.rates, self.shadow) = (rates, shadow);
        self
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
    #[should_panic(expected = "longer than a century")]
    fn a_rate_that_never_refills_is_refused() {
        let _ = Rate::new("default", 1, 366 * 86_400 * SECOND).burst(u32::MAX);
    }
}
