//! The limits of one function: their order, their names, and what they must not have in common.

use super::Model;
use crate::attribute::Attribute;
use crate::errors::Errors;

/// As many as the runtime keeps without an allocation.
pub(crate) const MAX_RATES: usize = 8;

/// Puts the limits of one function into their order and checks them against each other.
pub(crate) fn settle(limits: &mut [Model], is_authorized: bool, errors: &Errors) {
    // Those behind `authorize` come last. A limit in shadow mode stands behind the one that it may replace, and changes
    // nothing about it.
    limits.sort_by_key(|limit| {
        (limit.stands_behind(), limit.key.rank(), limit.key.words(), limit.budget.is_shadow())
    });
    check_keys(limits, errors);
    check_places(limits, is_authorized, errors);
    check_shares(limits, errors);
    let rates: usize = limits.iter().map(|limit| limit.budget.rates().len()).sum();
    if let Some(last) = limits.last().filter(|_| rates > MAX_RATES) {
        errors.at(
            last.budget.rates().place(),
            format!("a function has at most {MAX_RATES} rates in all, and here are {rates}: take some away"),
        );
    }
}

fn check_keys(limits: &[Model], errors: &Errors) {
    let mut checked: Vec<&Model> = Vec::new();
    for limit in limits.iter().filter(|limit| !limit.is_trial_among(limits)) {
        if let Some(other) = checked.iter().find(|other| other.has_key_of(limit)) {
            errors.at(limit.places.key(), limit.same_key(other));
        } else if checked.iter().any(|other| other.key.label() == limit.key.label()) {
            errors.at(limit.places.key(), limit.same_label());
        }
        checked.push(limit);
    }
}

/// A limit by the principal needs no `authorize`, and has been told that it needs no `after`.
fn check_places(limits: &[Model], is_authorized: bool, errors: &Errors) {
    let is_lost = |limit: &&Model| limit.after_authorize && !limit.key.names_principal() && !is_authorized;
    for limit in limits.iter().filter(is_lost) {
        errors.at(
            limit.places.after(),
            "this function has no `authorize` to stand behind: write `#[authorize]` on it, or take `after = authorize` away",
        );
    }
}

/// What is shared is one budget, which a request would be charged to twice.
fn check_shares(limits: &[Model], errors: &Errors) {
    let shares: Vec<_> = limits.iter().filter_map(|limit| limit.budget.share()).collect();
    for (place, share) in shares.iter().enumerate() {
        if shares.iter().take(place).any(|other| other.value() == share.value()) {
            errors.at(
                share,
                format!(
                    "two limits of this function share one budget, {:?}: give one of them another name",
                    share.value()
                ),
            );
        }
    }
}

impl Model {
    fn has_key_of(&self, other: &Self) -> bool {
        self.key.words() == other.key.words()
    }

    /// Whether this tries out, in shadow mode, what another limit of the same key may become: the first that does.
    fn is_trial_among(&self, limits: &[Self]) -> bool {
        let mut twins = limits.iter().filter(|other| other.has_key_of(self));
        let is_real = twins.clone().any(|twin| !twin.budget.is_shadow());
        is_real && twins.find(|twin| twin.budget.is_shadow()).is_some_and(|trial| std::ptr::eq(trial, self))
    }

    /// Its name in metrics; a trial takes none from the limits that are there already.
    pub(super) fn label(&self, place: usize, limits: &[Self]) -> String {
        let (attribute, key) = (Attribute::RateLimited.name(), self.key.label());
        if self.is_trial_among(limits) {
            return format!("{attribute}:{key}-shadow");
        }
        let is_first = limits[..place].iter().all(|other| other.is_trial_among(limits));
        if is_first { attribute.to_owned() } else { format!("{attribute}:{key}") }
    }

    fn same_key(&self, other: &Self) -> String {
        let is_default = self.places.key.is_none() || other.places.key.is_none();
        let (words, default) = (self.key.words(), if is_default { ", which is the default" } else { "" });
        let both = format!("two `rate_limited` of one function count by {words}{default}");
        if self.stands_behind() != other.stands_behind() {
            return format!(
                "{both}, one before `authorize` and one behind it, which have one name on the wire: keep one, count one of \
                 them by a type of your own, or mark one of them `shadow` to try it out"
            );
        }
        format!(
            "{both}: write their rates into one, as in `#[rate_limited(\"5/second\", \"100/minute\")]`, or mark one of them `shadow` to try it out"
        )
    }

    fn same_label(&self) -> String {
        format!(
            "two keys of one function are both called `{}` on the wire: count one of them by a type of another name",
            self.key.label()
        )
    }
}
