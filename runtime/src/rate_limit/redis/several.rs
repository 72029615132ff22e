//! All rates of all limits of a request in one short script, where each is kept as one moment.

use ::redis::Value;

use super::super::engine::Standing;
use super::super::store::{Ask, Ruling, Unavailable};
use super::store::{RedisStore, Understood, numbers};
use super::terms::Terms;
use crate::backend::redis::{Arg, Script};

static GCRA_SEVERAL: Script = Script::new(include_str!("gcra_several.lua"));

impl RedisStore {
    /// Whether the short script knows all of these budgets, of which none is charged twice, and costs that ever fit.
    pub(super) fn are_moments(&self, asks: &[Ask<'_>], names: &[String]) -> bool {
        let fits_ever = |ask: &Ask<'_>| {
            ask.rates
                .iter()
                .map(|rate| self.terms(ask, rate))
                .all(|terms| terms.is_one_moment() && (1..=terms.capacity).contains(&ask.cost))
        };
        let is_alone =
            |(place, name): (usize, &String)| !names.iter().skip(place + 1).any(|other| other == name);
        asks.iter().all(fits_ever) && names.iter().enumerate().all(is_alone)
    }

    /// What each rate says, and how it stands.
    pub(super) async fn decide_moments(
        &self,
        asks: &[Ask<'_>],
        names: &[String],
    ) -> Result<Vec<(Ruling, Standing)>, Unavailable> {
        let rates: Vec<_> = asks
            .iter()
            .flat_map(|ask| ask.rates.iter().map(move |rate| (ask, self.terms(ask, rate))))
            .collect();
        let mut args: Vec<_> = rates.iter().flat_map(|(ask, terms)| terms.moment_args(ask.cost)).collect();
        let is_trial = asks.iter().any(|ask| ask.shadow);
        if is_trial || self.time().is_some() {
            args.push(Arg::Number(self.time().unwrap_or_default()));
        }
        if is_trial {
            args.extend((1..).zip(asks).flat_map(|(limit, ask)| {
                ask.rates.iter().map(move |_| Arg::Number(if ask.shadow { limit } else { 0 }))
            }));
        }
        let answer = self.redis.eval(&GCRA_SEVERAL, names, &args, self.redis.deadline()).await;
        let aheads = answer.and_then_parse(|answer| moments(answer, rates.len())).ok_or(Unavailable)?;
        Ok(told(asks, &rates, &aheads))
    }
}

/// How far each moment lies ahead.
fn moments(answer: Value, rates: usize) -> Option<Vec<u64>> {
    let aheads: Option<Vec<u64>> = numbers(answer)?.into_iter().map(|ahead| ahead.try_into().ok()).collect();
    aheads.filter(|aheads| aheads.len() == rates)
}

/// The script tells how budgets would stand with the charge. The limits that were charged are those it says.
fn told(asks: &[Ask<'_>], rates: &[(&Ask<'_>, Terms)], aheads: &[u64]) -> Vec<(Ruling, Standing)> {
    let fits = |(terms, ahead): (&Terms, u64)| ahead <= terms.units(terms.capacity);
    let all = || rates.iter().zip(aheads).map(|((ask, terms), ahead)| (*ask, terms, *ahead));
    let is_admitted = all().all(|(ask, terms, ahead)| ask.shadow || fits((terms, ahead)));
    let mut rest = all();
    let mut told = Vec::with_capacity(rates.len());
    for ask in asks {
        let own = rest.by_ref().take(ask.rates.len()).map(|(_, terms, ahead)| (terms, ahead));
        let own: Vec<_> = own.collect();
        let is_charged = is_admitted && own.iter().copied().all(fits);
        told.extend(own.into_iter().map(|(terms, ahead)| terms.told_by_moment(ahead, ask.cost, is_charged)));
    }
    told
}
