//! Limits of one request whose budgets are in several slots of a cluster, where no script reaches all of them.
//!
//! The limits of a function are in one slot. What one of them shares with other functions is not, and neither is what layers
//! around it declare. Such are decided one slot after another, and what was charged for a request that another slot refuses is
//! given back. In between it counts, so a request that comes at the same moment may be refused for it; none is admitted.

use std::slice;

use super::super::engine::Standing;
use super::super::store::{Ask, Ruling, Unavailable};
use super::store::{RedisStore, Verb};
use crate::core::Moment;

/// What each rate of an ask said, and how it stands.
type Told = Vec<(Ruling, Standing)>;

/// The places of asks whose budgets are in one slot.
pub(super) type Group = Vec<usize>;

/// Asks of one slot that were charged between two moments.
struct Charged {
    group: Group,
    after: Moment,
    before: Moment,
}

impl RedisStore {
    /// Asks one group after another.
    pub(super) async fn ask_apart(
        &self,
        verb: Verb<'_>,
        asks: &[Ask<'_>],
        groups: &[Group],
    ) -> Result<Told, Unavailable> {
        let mut told: Vec<Told> = vec![Told::new(); asks.len()];
        let mut charged = Vec::new();
        for group in groups {
            let after = self.redis.clock().now();
            let Ok(answers) = self.ask_together(verb, &some(asks, group)).await else {
                self.take_back(asks, &charged, &told).await;
                return Err(Unavailable);
            };
            hand_out(answers, asks, group, &mut told);
            if matches!(verb, Verb::Decide) {
                let before = self.redis.clock().now();
                charged.push(Charged { group: charged_of(asks, group, &told), after, before });
            }
        }
        let everybody: Group = (0..asks.len()).collect();
        if matches!(verb, Verb::Decide) && !admits(asks, &everybody, &told) {
            self.take_back(asks, &charged, &told).await;
            for place in charged.iter().flat_map(|charged| &charged.group) {
                if let (Some(ask), Some(told)) = (asks.get(*place), told.get_mut(*place)) {
                    *told = told.iter().map(|rate| uncharged(*rate, ask.cost)).collect();
                }
            }
        }
        Ok(told.into_iter().flatten().collect())
    }

    /// Where nobody answers, the permits are lost.
    async fn take_back(&self, asks: &[Ask<'_>], charged: &[Charged], told: &[Told]) {
        for Charged { group, after, before } in charged {
            for (ask, told) in group.iter().filter_map(|place| asks.get(*place).zip(told.get(*place))) {
                let rulings: Vec<_> = told.iter().map(|(ruling, _)| *ruling).collect();
                let known = ask.charges(&rulings, *after, *before);
                let verb = Verb::GiveBack { charges: &known, now: self.redis.clock().now() };
                let _ = self.ask_together(verb, slice::from_ref(ask)).await;
            }
        }
    }
}

fn some<'a>(asks: &[Ask<'a>], group: &[usize]) -> Vec<Ask<'a>> {
    group.iter().filter_map(|place| asks.get(*place).cloned()).collect()
}

/// Puts what a group was told where it belongs.
fn hand_out(answers: Told, asks: &[Ask<'_>], group: &[usize], told: &mut [Told]) {
    let mut answers = answers.into_iter();
    for place in group {
        if let (Some(ask), Some(told)) = (asks.get(*place), told.get_mut(*place)) {
            *told = answers.by_ref().take(ask.rates.len()).collect();
        }
    }
}

fn fits(told: &[Told], place: usize) -> bool {
    told.get(place).is_some_and(|rates| rates.iter().all(|(ruling, _)| ruling.fits()))
}

/// Whether every limit of these admits it that is no trial.
fn admits(asks: &[Ask<'_>], group: &[usize], told: &[Told]) -> bool {
    group.iter().all(|place| asks.get(*place).is_some_and(|ask| ask.shadow) || fits(told, *place))
}

/// Those of one slot that were charged.
fn charged_of(asks: &[Ask<'_>], group: &[usize], told: &[Told]) -> Group {
    if !admits(asks, group, told) {
        return Group::new();
    }
    let costs = |place: usize| asks.get(place).is_some_and(|ask| ask.cost > 0);
    group.iter().copied().filter(|place| costs(*place) && fits(told, *place)).collect()
}

/// As it was told before the charge, but for the moment at which it grows.
fn uncharged((ruling, standing): (Ruling, Standing), cost: u32) -> (Ruling, Standing) {
    let standing = Standing { remaining: standing.remaining.saturating_add(cost), ..standing };
    (Ruling::told(ruling.verdict, standing), standing)
}
