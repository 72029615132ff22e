//! Rates that are known when the service runs, kept for as long as it does.
//!
//! A decision borrows its rates for the life of the program, as declared ones live. Equal rates are kept once, so reading
//! the same configuration again takes no further memory: what is never given back is what an operator has ever written.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError, RwLock};

use super::policy::{MAX_RATES, Rate, Rates};

/// Name, quota, period and burst.
type Content = (&'static str, u32, u64, u32);

#[derive(Default)]
struct Kept {
    names: HashSet<&'static str>,
    rates: HashMap<Vec<Content>, &'static [Rate]>,
}

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

/// The name of a rate.
pub(super) fn name(written: &str) -> &'static str {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(name) = kept.names.get(written) {
        return name;
    }
    let name: &'static str = String::from(written).leak();
    kept.names.insert(name);
    name
}

/// These rates; `None` where there is none, or there are more than a function may have.
pub(super) fn rates(rates: &[Rate]) -> Option<Rates> {
    if rates.is_empty() || rates.len() > MAX_RATES {
        return None;
    }
    let content: Vec<Content> =
        rates.iter().map(|rate| (rate.name(), rate.quota(), rate.period_nanos(), rate.capacity())).collect();
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let rates = *kept.rates.entry(content).or_insert_with(|| rates.to_vec().leak());
    Some(Rates::new(rates))
}

/// These rates under names that begin with the prefix of their limit: a function that chooses rates does not know beside which
/// others they will stand.
pub(super) fn prefixed(prefix: &'static str, rates: Rates) -> &'static [Rate] {
    /// Found by where both lie, because they are looked up with every request.
    type Renamed = HashMap<(usize, usize), &'static [Rate]>;
    static PREFIXED: LazyLock<RwLock<Renamed>> = LazyLock::new(RwLock::default);
    let place = (prefix.as_ptr().addr(), rates.as_slice().as_ptr().addr());
    if let Some(known) = PREFIXED.read().unwrap_or_else(PoisonError::into_inner).get(&place) {
        return known;
    }
    let named = rates.as_slice().iter().map(|rate| rate.called(name(&format!("{prefix}{}", rate.name()))));
    let named: Vec<_> = named.collect();
    let kept = self::rates(&named).map_or(rates.as_slice(), Rates::as_slice);
    PREFIXED.write().unwrap_or_else(PoisonError::into_inner).insert(place, kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    #[test]
    fn equal_rates_are_kept_once() {
        let made = || {
            let name = name(&format!("interned-{}", "minute"));
            rates(&[Rate::new(name, 7, SECOND), Rate::new("interned-hour", 9, 60 * SECOND).burst(3)])
        };
        let (one, other) = (made().unwrap(), made().unwrap());
        assert_eq!(
            one.as_slice(),
            [Rate::new("interned-minute", 7, SECOND), Rate::new("interned-hour", 9, 60 * SECOND).burst(3)]
        );
        assert!(std::ptr::eq(one.as_slice(), other.as_slice()));
        assert!(std::ptr::eq(one.as_slice()[0].name(), other.as_slice()[0].name()));
    }

    #[test]
    fn whatever_tells_rates_apart_tells_them_apart_here() {
        let kept = |rate| rates(&[rate]).unwrap().as_slice();
        let rate = Rate::new("interned", 7, SECOND);
        let others = [
            Rate::new("interned-too", 7, SECOND),
            Rate::new("interned", 8, SECOND),
            Rate::new("interned", 7, 2 * SECOND),
            rate.burst(8),
        ];
        for other in others {
            assert_ne!(kept(rate), kept(other));
        }
    }

    #[test]
    fn none_and_too_many_are_no_rates() {
        assert_eq!(rates(&[]), None);
        assert_eq!(rates(&[Rate::new("interned", 7, SECOND); MAX_RATES + 1]), None);
    }
}
