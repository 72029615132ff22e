//! What all limits of a function have to be like together.

use std::collections::{BTreeMap, HashMap};

use super::super::in_force::{LimitId, Override};
use super::super::interned;
use super::super::policy::{Limit, MAX_RATES, Period, Rate};
use super::super::scopes::{Declared, limits_of};
use super::super::wire::{FIELD_BYTES, LONGEST_STANDING};
use super::Wanted;
use super::read::{alone_name, is_alone};
use crate::core::SettingFault;

/// A limit as it would be in force.
struct Effective {
    declared: Declared,
    limit: Limit,
    is_announced: bool,
}

/// Checks the limits of every function that has one with an override, and settles the names of their rates.
pub(super) fn settle(
    wanted: &HashMap<LimitId, (Declared, &Wanted)>,
    overrides: &mut HashMap<LimitId, Override>,
    faults: &mut Vec<SettingFault>,
) {
    // In the order of sites, so that faults are told in one order.
    let mut sites: Vec<_> = wanted.iter().collect();
    sites.sort_unstable_by_key(|(id, _)| **id);
    sites.dedup_by_key(|(id, _)| id.0);
    for (_, (declared, wanted)) in sites {
        let mut limits = effective(*declared, overrides);
        if name_given_twice(&limits).is_some() {
            limits.iter_mut().filter(|limit| limit.is_announced).for_each(Effective::prefixed);
        }
        match misfit(&limits) {
            Some(what) => faults.push(wanted.fault(format!("with this, {what}"))),
            None => keep_names(&limits, overrides),
        }
    }
}

fn effective(declared: Declared, overrides: &HashMap<LimitId, Override>) -> Vec<Effective> {
    let limits = limits_of(declared.site).map(|declared| {
        let over = overrides.get(&declared.id()).copied().unwrap_or_default();
        let limit = over.applied_to(declared.limit);
        Effective { declared, is_announced: !limit.is_shadow() && !over.disabled, limit }
    });
    limits.collect()
}

fn misfit(limits: &[Effective]) -> Option<String> {
    let rates: usize = limits.iter().map(|limit| limit.limit.rates().len()).sum();
    if rates > MAX_RATES {
        return Some(format!(
            "the function has {rates} rates in all, and {MAX_RATES} at most: take some away"
        ));
    }
    if let Some((name, one, other)) = name_given_twice(limits) {
        return Some(format!(
            "a rate of `{one}` and one of `{other}` are both called \"{name}\" on the wire: put one of these limits into \
             `shadow`, or write another period"
        ));
    }
    let names = announced(limits).map(|(_, rate)| rate.name().len() + LONGEST_STANDING);
    let is_long = names.sum::<usize>() > FIELD_BYTES;
    is_long
        .then(|| "the rates of the function do not fit into a header field: write shorter periods".to_owned())
}

fn announced(limits: &[Effective]) -> impl Iterator<Item = (&'static str, &'static Rate)> {
    let announced = limits.iter().filter(|limit| limit.is_announced);
    announced.flat_map(|limit| limit.limit.rates().iter().map(|rate| (limit.limit.label(), rate)))
}

/// The name, and the limits that have it.
fn name_given_twice(limits: &[Effective]) -> Option<(&'static str, &'static str, &'static str)> {
    let mut labels = BTreeMap::new();
    announced(limits)
        .find_map(|(label, rate)| labels.insert(rate.name(), label).map(|other| (rate.name(), other, label)))
}

impl Effective {
    /// Names its rates as those of one limit of several: a limit that leaves shadow mode stands beside another now, and none has its
    /// key in its names. Those that a function chooses are named when it has chosen them.
    fn prefixed(&mut self) {
        if !is_alone(self.declared) || self.limit.tiers_of().is_some() {
            return;
        }
        let (prefix, key) = (self.limit.rate_prefix(), key_label(self.limit.key_words()));
        let rates = self.limit.rates().iter().map(|rate| {
            let period = match rate.name() {
                name if name == alone_name(&self.limit) => Period(rate.period_nanos()).to_string(),
                name => name.strip_prefix(prefix).unwrap_or(name).to_owned(),
            };
            let name = interned::name(&format!("{prefix}{key}-{period}"));
            Rate::checked_new(name, rate.quota(), rate.period_nanos(), rate.capacity())
        });
        if let Some(rates) = rates.collect::<Option<Vec<_>>>().as_deref().and_then(interned::rates) {
            self.limit = self.limit.configured(rates.as_slice(), self.limit.is_shadow());
        }
    }
}

/// What the macro calls a key on the wire, by its words: `header x-api-key and a::Tenant` is `x-api-key-Tenant`.
fn key_label(words: &str) -> String {
    let label = |word: &str| -> String {
        let word = word.strip_prefix("header ").unwrap_or(word);
        let path = word.split('<').next().unwrap_or_default();
        let last = path.rsplit("::").next().unwrap_or_default().trim();
        last.chars().map(|c| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' }).collect()
    };
    words.split(" and ").map(label).collect::<Vec<_>>().join("-")
}

/// Names that were settled here belong to what is in force, also of limits that nobody spoke of.
fn keep_names(limits: &[Effective], overrides: &mut HashMap<LimitId, Override>) {
    for Effective { declared, limit, .. } in limits {
        let id = declared.id();
        let over = overrides.get(&id).copied().unwrap_or_default();
        if over.applied_to(declared.limit).rates() != limit.rates() {
            let rates = interned::rates(limit.rates());
            overrides.insert(id, Override { rates, ..over });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_called_what_the_macro_calls_them() {
        let cases = [
            ("ip", "ip"),
            ("header x-api-key", "x-api-key"),
            ("header x-api-key and Tenant", "x-api-key-Tenant"),
            ("ip and a::b::Tenant<c::D>", "ip-Tenant"),
        ];
        for (words, label) in cases {
            assert_eq!(key_label(words), label);
        }
    }
}
