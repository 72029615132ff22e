//! The tiers of limits: rates that a function has chosen, each with budgets of its own.
//!
//! The function is asked with a request in hand. Whoever asks about a key without one asks about every tier that was chosen so far.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use super::policy::Rate;
use super::store::Scope;

/// As many as are kept of one limit. A function that chooses among more has those beyond counted, and not listed.
const MOST: usize = 64;

type Tiers = Vec<(Scope, &'static [Rate])>;

static CHOSEN: LazyLock<RwLock<HashMap<Scope, Tiers>>> = LazyLock::new(RwLock::default);

/// The budgets of that limit under these rates.
pub(super) fn chosen(limit: Scope, rates: &'static [Rate]) -> Scope {
    let tier = limit.of_tier(number(rates));
    let known = |tiers: &Tiers| tiers.iter().any(|(known, _)| *known == tier) || tiers.len() >= MOST;
    if !CHOSEN.read().unwrap_or_else(PoisonError::into_inner).get(&limit).is_some_and(known) {
        let mut all = CHOSEN.write().unwrap_or_else(PoisonError::into_inner);
        let tiers = all.entry(limit).or_default();
        if !known(tiers) {
            tiers.push((tier, rates));
        }
    }
    tier
}

/// Every tier that was chosen so far, by any service of this process.
pub(super) fn chosen_so_far(limit: Scope) -> Tiers {
    CHOSEN.read().unwrap_or_else(PoisonError::into_inner).get(&limit).cloned().unwrap_or_default()
}

/// Tells one tier from another; whoever moves between them has budgets in each.
fn number(rates: &[Rate]) -> u16 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let numbers = rates
        .iter()
        .flat_map(|rate| [u64::from(rate.quota()), rate.period_nanos(), u64::from(rate.capacity())]);
    let hash = numbers.fold(0xcbf2_9ce4_8422_2325_u64, |hash, number| (hash ^ number).wrapping_mul(PRIME));
    // Zero stands for the declared rates.
    #[allow(clippy::cast_possible_truncation, reason = "16 bits are left after the shift")]
    let folded = (hash >> 48) as u16;
    folded.max(1)
}

#[cfg(test)]
mod tests {
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
}
