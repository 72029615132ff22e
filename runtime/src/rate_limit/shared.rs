//! Limits that share their budgets: what they declare has to be the same, because they are one limit in several places.

use super::policy::{Cost, Limit, Rate};
use super::scopes::{Declared, all_limits};
use crate::core::{SettingFault, quoted};

/// Every limit that differs from the first that shares its budgets.
pub(crate) fn conflicts() -> Vec<SettingFault> {
    let limits: Vec<_> = all_limits().map(|declared| (declared.site.name(), declared)).collect();
    let named = |(name, Declared { site, limit, .. }): &(&'static str, Declared)| {
        (format!("`{}` of {name} ({}:{})", limit.label(), site.origin().file, site.origin().line), *limit)
    };
    let limits: Vec<_> = limits.iter().map(named).collect();
    conflicts_among(&limits)
}

fn conflicts_among(limits: &[(String, &Limit)]) -> Vec<SettingFault> {
    let mut faults = Vec::new();
    for (place, (name, limit)) in limits.iter().enumerate() {
        let Some(share) = limit.shared_as() else { continue };
        let earlier = limits.iter().take(place);
        let Some((first, other)) = earlier.clone().find(|(_, other)| other.shared_as() == Some(share)) else {
            continue;
        };
        let differs = differences(limit, other);
        if !differs.is_empty() {
            let what = format!(
                "{first} and {name} share their budgets as \"{share}\", and differ in {}: declare both alike, or share under \
                 another name",
                quoted(&differs)
            );
            faults.push(SettingFault { place: None, path: String::new(), what });
        }
    }
    faults
}

/// The arguments of the attribute that two limits do not have in common. Names of rates depend on the other limits of a
/// function, and functions cannot be compared.
pub(super) fn differences(one: &Limit, other: &Limit) -> Vec<&'static str> {
    let rates = |limit: &Limit| -> Vec<_> {
        limit.rates().iter().map(|rate| (rate.quota(), rate.period_nanos())).collect()
    };
    let bursts = |limit: &Limit| -> Vec<_> { limit.rates().iter().map(Rate::capacity).collect() };
    let costs = match (one.request_cost(), other.request_cost()) {
        (Cost::Fixed(one), Cost::Fixed(other)) => one == other,
        (Cost::Of(_), Cost::Of(_)) => true,
        (Cost::Fixed(_), Cost::Of(_)) | (Cost::Of(_), Cost::Fixed(_)) => false,
    };
    let compared = [
        ("rates", rates(one) == rates(other)),
        ("burst", rates(one) != rates(other) || bursts(one) == bursts(other)),
        ("key", one.key_words() == other.key_words()),
        ("missing", one.on_missing() == other.on_missing()),
        ("cost", costs),
        ("algorithm", one.counting() == other.counting()),
        ("tiers", one.tiers_of().is_some() == other.tiers_of().is_some()),
        ("charge_on", one.charged_statuses() == other.charged_statuses()),
        ("shadow", one.is_shadow() == other.is_shadow()),
        ("on_store_error", one.store_error() == other.store_error()),
        ("lease", one.block() == other.block()),
    ];
    compared.into_iter().filter(|(_, is_equal)| !is_equal).map(|(what, _)| what).collect()
}

#[cfg(test)]
mod tests {
    use super::super::policy::{Algorithm, KeySource, Missing, OnStoreError};
    use super::*;

    const SECOND: u64 = 1_000_000_000;
    const RATES: &[Rate] = &[Rate::new("default", 5, SECOND)];

    fn limit(rates: &'static [Rate]) -> Limit {
        Limit::new("rate_limited", "ip", KeySource::Address, rates).share("search")
    }

    #[test]
    fn names_of_rates_and_functions_that_choose_costs_make_no_difference() {
        const PREFIXED: &[Rate] = &[Rate::new("ip-second", 5, SECOND)];
        assert_eq!(differences(&limit(RATES), &limit(PREFIXED)), [""; 0]);
        let (one, other) = (limit(RATES).cost(Cost::Of(|_| 1)), limit(RATES).cost(Cost::Of(|_| 2)));
        assert_eq!(differences(&one, &other), [""; 0]);
    }

    #[test]
    fn every_other_part_makes_one() {
        const LOWER: &[Rate] = &[Rate::new("default", 4, SECOND)];
        const BURST: &[Rate] = &[Rate::new("default", 5, SECOND).burst(9)];
        let global = Limit::new("rate_limited", "global", KeySource::Everyone, RATES).share("search");
        let cases = [
            (limit(LOWER), "rates"),
            (limit(BURST), "burst"),
            (global, "key"),
            (limit(RATES).missing(Missing::Skip), "missing"),
            (limit(RATES).cost(Cost::Fixed(2)), "cost"),
            (limit(RATES).cost(Cost::Of(|_| 1)), "cost"),
            (limit(RATES).algorithm(Algorithm::FixedWindow), "algorithm"),
            (limit(RATES).charge_on(&[401]), "charge_on"),
            (limit(RATES).shadow(), "shadow"),
            (limit(RATES).on_store_error(OnStoreError::Closed), "on_store_error"),
            (limit(RATES).lease(5), "lease"),
        ];
        for (other, expected) in cases {
            assert_eq!(differences(&limit(RATES), &other), [expected]);
        }
    }

    #[test]
    fn both_functions_and_what_differs_are_told() {
        let (one, same, other) = (limit(RATES), limit(RATES), limit(RATES).shadow().lease(5));
        let alone = limit(RATES).share("alone").shadow();
        let limits = [("a", &one), ("b", &alone), ("c", &same), ("d", &other)];
        let faults = conflicts_among(&limits.map(|(name, limit)| (name.to_owned(), limit)));
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "a and d share their budgets as \"search\", and differ in `shadow` and `lease`: declare both alike, or share \
              under another name"
            ]
        );
    }
}
