//! A limit in words, as inventories list it.

use std::fmt;

use super::{Algorithm, Cost, Limit, Missing, OnStoreError};

impl Limit {
    /// What differs from the defaults in how it counts, and where.
    fn tell_counting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.counting() != Algorithm::default() {
            write!(f, ", {}", self.counting().as_str())?;
        }
        f.write_str(if self.tiers_of().is_some() { ", tiers" } else { "" })?;
        for (place, status) in self.charged_statuses().iter().enumerate() {
            write!(f, "{}{status}", if place == 0 { ", charged on " } else { " and " })?;
        }
        if self.block() > 0 {
            write!(f, ", lease {}", self.block())?;
        }
        if let Some(share) = self.shared_as() {
            write!(f, ", shared as {share}")?;
        }
        match self.store_error() {
            OnStoreError::Local => Ok(()),
            OnStoreError::Open => f.write_str(", open without its store"),
            OnStoreError::Closed => f.write_str(", closed without its store"),
        }
    }
}

/// `10 per 10s by ip`, with what differs from the defaults.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, rate) in self.rates().iter().enumerate() {
            write!(f, "{}{rate}", if place == 0 { "" } else { " and " })?;
        }
        let comma = if self.rates().iter().any(|rate| rate.capacity() != rate.quota()) { "," } else { "" };
        write!(f, "{comma} by {}", self.key_words())?;
        match self.on_missing() {
            Missing::Anonymous => {}
            Missing::Reject if self.key().needs_principal() && self.key().needs_more_than_principal() => {
                f.write_str(", 401 or 400 without it")?;
            }
            Missing::Reject if self.key().needs_principal() => f.write_str(", 401 without it")?,
            Missing::Reject => f.write_str(", 400 without it")?,
            Missing::Skip => f.write_str(", none without it")?,
        }
        match self.request_cost() {
            Cost::Fixed(1) => {}
            Cost::Fixed(cost) => write!(f, ", cost {cost}")?,
            Cost::Of(_) => f.write_str(", cost by request")?,
        }
        self.tell_counting(f)?;
        f.write_str(if self.stands_after() { ", after authorize" } else { "" })?;
        f.write_str(if self.is_shadow() { ", shadow" } else { "" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rate_limit::policy::{KeySource, Rate, Rates};

    const SECOND: u64 = 1_000_000_000;

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
}
