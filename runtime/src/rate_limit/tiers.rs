//! The tiers of limits: rates that a function has chosen, each with budgets of its own.
//!
//! The function is asked with a request in hand. Whoever asks about a key without one asks about every tier that was chosen so far.

use std::collections::HashMap;
use std::hash::Hasher;
use std::sync::{LazyLock, PoisonError, RwLock};

use siphasher::sip::SipHasher13;

use super::policy::Rate;
use super::store::Scope;

/// As many as are kept of one limit. A function that chooses among more has those beyond counted, and not listed.
const MOST: usize = 64;

type Tiers = Vec<(Scope, &'static [Rate])>;

static CHOSEN: LazyLock<RwLock<HashMap<Scope, Tiers>>> = LazyLock::new(RwLock::default);

/// The budgets of that limit under these rates; whoever moves between tiers has budgets in each.
///
/// Tiers are numbered in the order in which this process meets them, so no two that are listed ever meet. Stores that outlive it
/// name a tier by its [`content`].
pub(super) fn chosen(limit: Scope, rates: &'static [Rate]) -> Scope {
    let known = CHOSEN
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&limit)
        .and_then(|tiers| find(tiers, limit, rates));
    known.unwrap_or_else(|| meet(limit, rates))
}

/// The tier of these rates, where that is settled.
fn find(tiers: &Tiers, limit: Scope, rates: &[Rate]) -> Option<Scope> {
    let listed = tiers.iter().find(|(_, known)| count_alike(known, rates)).map(|(tier, _)| *tier);
    listed.or_else(|| (tiers.len() >= MOST).then(|| limit.of_tier(unlisted(rates))))
}

#[cold]
fn meet(limit: Scope, rates: &'static [Rate]) -> Scope {
    let mut all = CHOSEN.write().unwrap_or_else(PoisonError::into_inner);
    let tiers = all.entry(limit).or_default();
    // Somebody else may have been first.
    find(tiers, limit, rates).unwrap_or_else(|| {
        // Zero stands for the declared rates.
        let tier = limit.of_tier(u16::try_from(tiers.len() + 1).unwrap_or(u16::MAX));
        tiers.push((tier, rates));
        tier
    })
}

/// Every tier that was chosen so far, by any service of this process.
pub(super) fn chosen_so_far(limit: Scope) -> Tiers {
    CHOSEN.read().unwrap_or_else(PoisonError::into_inner).get(&limit).cloned().unwrap_or_default()
}

/// What a rate counts, whatever it is called.
fn counted(rate: &Rate) -> [u64; 3] {
    [rate.quota().into(), rate.period_nanos(), rate.capacity().into()]
}

fn count_alike(one: &[Rate], other: &[Rate]) -> bool {
    one.iter().map(counted).eq(other.iter().map(counted))
}

/// What tells these rates from all others, in every process alike.
pub(super) fn content(rates: &[Rate]) -> u64 {
    let mut hasher = SipHasher13::new();
    for number in rates.iter().flat_map(counted) {
        hasher.write(&number.to_le_bytes());
    }
    hasher.finish()
}

/// The number of a tier beyond those that are listed: never one of theirs, and seldom that of another.
fn unlisted(rates: &[Rate]) -> u16 {
    const UPPER_HALF: u16 = 1 << 15;
    #[allow(clippy::cast_possible_truncation, reason = "15 bits are left after the shift")]
    let folded = (content(rates) >> 49) as u16;
    folded | UPPER_HALF
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_is_listed_once_and_no_more_than_there_is_room_for() {
        let limit = Scope::new(u32::MAX / 2);
        for quota in [1, 2, 1, 2] {
            let rates = vec![Rate::new("default", quota, 1_000_000_000)].leak();
            assert_ne!(chosen(limit, rates), limit);
        }
        assert_eq!(
            chosen_so_far(limit).iter().map(|(_, rates)| rates[0].quota()).collect::<Vec<_>>(),
            [1, 2]
        );
        for quota in 3..200 {
            let _ = chosen(limit, vec![Rate::new("default", quota, 1_000_000_000)].leak());
        }
        assert_eq!(chosen_so_far(limit).len(), MOST);
    }

    fn with_burst(burst: u32) -> &'static [Rate] {
        vec![Rate::new("default", 10, 60_000_000_000).burst(burst)].leak()
    }

    #[test]
    fn tiers_that_differ_in_anything_that_counts_are_apart() {
        let limit = Scope::new(u32::MAX / 2 + 1);
        let rate = Rate::new("default", 10, 60_000_000_000);
        let tiers: [&'static [Rate]; 5] = [
            with_burst(10),
            with_burst(100),
            vec![Rate::new("default", 10, 61_000_000_000)].leak(),
            vec![rate, rate.burst(100)].leak(),
            vec![rate.burst(100), rate].leak(),
        ];
        let scopes: HashSet<_> = tiers.iter().map(|rates| chosen(limit, rates)).collect();
        assert_eq!(scopes.len(), tiers.len());
        let renamed = vec![rate.called("minute")].leak();
        assert_eq!(chosen(limit, renamed), chosen(limit, tiers[0]), "a name counts nothing");
        assert_eq!(tiers.map(content).into_iter().collect::<HashSet<_>>().len(), tiers.len());
    }

    #[test]
    fn those_beyond_the_listed_ones_never_meet_these_and_seldom_each_other() {
        let limit = Scope::new(u32::MAX / 2 + 2);
        let number = |burst| chosen(limit, with_burst(burst)).bits() >> 32;
        let listed: Vec<_> = (1..=64).map(number).collect();
        assert_eq!(listed, (1..=64).collect::<Vec<_>>());
        let beyond: HashSet<_> = (65..=128).map(number).collect();
        assert!(beyond.iter().all(|number| *number > 64), "{beyond:?}");
        assert!(beyond.len() >= 60, "only {} of 64 have a number of their own", beyond.len());
        assert_eq!((1..=64).map(number).collect::<Vec<_>>(), listed, "a tier keeps its number");
    }
}
