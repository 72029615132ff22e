//! The contract in few lines: the engines over a plain map that forgets nothing.

use std::collections::HashMap;

use super::rounded;
use crate::core::{Key, Moment};
use crate::rate_limit::engine::{self, Charge, Standing, State, Verdict};
use crate::rate_limit::policy::Rate;
use crate::rate_limit::store::{Ask, Ruling, Scope};

#[derive(Default)]
pub(super) struct Model {
    budgets: HashMap<(Scope, Key, &'static str), State>,
}

impl Model {
    /// What every rate says, and which asks were charged.
    pub(super) fn decide(&mut self, asks: &[Ask<'_>], now: Moment) -> (Vec<Ruling>, Vec<bool>) {
        let verdicts: Vec<Vec<Verdict>> = asks.iter().map(|ask| self.check(ask, now)).collect();
        let fits = |verdicts: &Vec<Verdict>| verdicts.iter().all(|verdict| *verdict == Verdict::Fits);
        let is_admitted = asks.iter().zip(&verdicts).all(|(ask, verdicts)| fits(verdicts) || ask.shadow);
        let charged: Vec<bool> = verdicts.iter().map(|verdicts| is_admitted && fits(verdicts)).collect();
        let mut rulings = Vec::new();
        for ((ask, verdicts), charged) in asks.iter().zip(verdicts).zip(&charged) {
            for (rate, verdict) in ask.rates.iter().zip(verdicts) {
                if *charged {
                    self.change(ask, rate, |state| engine::charge(ask.algorithm, rate, state, now, ask.cost));
                }
                let standing = engine::standing(ask.algorithm, rate, self.state(ask, rate), now);
                rulings.push(Ruling::told(verdict, standing));
            }
        }
        (rulings, charged)
    }

    pub(super) fn give_back(&mut self, ask: &Ask<'_>, charges: &[Charge], now: Moment) {
        for (rate, charge) in ask.rates.iter().zip(charges) {
            self.change(ask, rate, |state| {
                engine::give_back(ask.algorithm, rate, state, *charge, now, ask.cost)
            });
        }
    }

    fn check(&self, ask: &Ask<'_>, now: Moment) -> Vec<Verdict> {
        let check = |rate| engine::check(ask.algorithm, rate, self.state(ask, rate), now, ask.cost);
        ask.rates.iter().map(check).collect()
    }

    fn state(&self, ask: &Ask<'_>, rate: &Rate) -> Option<&State> {
        self.budgets.get(&(ask.scope, ask.key.clone(), rate.name()))
    }

    fn change(&mut self, ask: &Ask<'_>, rate: &Rate, change: impl FnOnce(Option<State>) -> Option<State>) {
        let name = (ask.scope, ask.key.clone(), rate.name());
        if let Some(state) = change(self.budgets.remove(&name)) {
            self.budgets.insert(name, state);
        }
    }
}

/// A store may have forgotten a budget that is full, so budgets are compared by how they stand.
pub(super) fn assert_same(asks: &[Ask<'_>], rulings: &[Ruling], expected: &[Ruling], now: u64) {
    let verdicts =
        |rulings: &[Ruling]| rulings.iter().map(|ruling| coarse(ruling.verdict)).collect::<Vec<_>>();
    assert_eq!(verdicts(rulings), verdicts(expected));
    let rates: Vec<_> = asks.iter().flat_map(|ask| ask.rates).copied().collect();
    let standings = |rulings| {
        let standings = super::standings(&rates, rulings, now).into_iter();
        let coarse = |Standing { remaining, grows_in_nanos }| (remaining, rounded(grows_in_nanos));
        standings.map(coarse).collect::<Vec<_>>()
    };
    assert_eq!(standings(rulings), standings(expected));
}

fn coarse(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::NotYet { wait_nanos } => Verdict::NotYet { wait_nanos: rounded(wait_nanos) },
        Verdict::Fits | Verdict::Never => verdict,
    }
}
