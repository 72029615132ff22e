//! Limits as a configuration wants them: what it says of each (`read.rs`), and of all limits of a function together
//! (`together.rs`). What the macro refuses is refused here, in the same words.

mod read;
mod together;

use std::collections::HashMap;

use self::read::Draft;
pub(crate) use self::read::KEYS;
use super::in_force::{LimitId, Override};
use super::interned;
use super::policy::Rate;
use super::scopes::{Declared, all_limits};
use crate::core::{SettingFault, Settings};

/// What a configuration says of limits, as far as it has been read.
#[derive(Debug, Default)]
pub(crate) struct Configured {
    limits: Vec<Wanted>,
}

/// What it says of one.
#[derive(Debug)]
struct Wanted {
    declared: Declared,
    settings: Settings,
    rates: Option<Vec<Draft>>,
    shadow: Option<bool>,
    disabled: bool,
}

impl Configured {
    /// Reads what is said of a limit.
    pub(crate) fn read(&mut self, declared: Declared, settings: Settings, faults: &mut Vec<SettingFault>) {
        settings.check(&KEYS, faults);
        self.limits.push(Wanted {
            declared,
            rates: read::rates(declared.limit, &settings, faults),
            shadow: settings.flag("shadow", faults),
            disabled: settings.flag("disabled", faults).unwrap_or_default(),
            settings,
        });
    }

    /// Checks it all against the limits of the same functions and those that share their budgets; then it is what can be in force.
    pub(crate) fn settle(&self, faults: &mut Vec<SettingFault>) -> HashMap<LimitId, Override> {
        let mut wanted = HashMap::<LimitId, (Declared, &Wanted)>::new();
        for limit in &self.limits {
            for declared in sharers(limit.declared) {
                let id = declared.id();
                match wanted.get(&id) {
                    Some((_, other)) if !other.says(limit) => {
                        faults.push(limit.contradicts(other));
                        break;
                    }
                    Some(_) => {}
                    None => {
                        wanted.insert(id, (declared, limit));
                    }
                }
            }
        }
        let mut overrides =
            wanted.iter().map(|(id, (declared, limit))| (*id, limit.over(*declared))).collect();
        together::settle(&wanted, &mut overrides, faults);
        overrides.retain(|_, over| *over != Override::default());
        overrides
    }
}

impl Wanted {
    fn says(&self, other: &Self) -> bool {
        (&self.rates, self.shadow, self.disabled) == (&other.rates, other.shadow, other.disabled)
    }

    fn contradicts(&self, other: &Self) -> SettingFault {
        let share = self.declared.limit.shared_as().unwrap_or_default();
        self.fault(format!(
            "this shares its budgets as \"{share}\" with `{}`, of which {} says something else: write it once, it holds for all of them",
            other.settings.path, other.settings.place
        ))
    }

    /// As it is asked for, with the names that rates have in the function of that limit.
    fn over(&self, declared: Declared) -> Override {
        let rates = self.rates.as_ref().and_then(|drafts| {
            let named =
                drafts.iter().enumerate().map(|(place, draft)| draft.named(declared, place, drafts.len()));
            interned::rates(&named.collect::<Option<Vec<Rate>>>()?)
        });
        Override { rates, shadow: self.shadow, disabled: self.disabled }
    }

    fn fault(&self, what: String) -> SettingFault {
        SettingFault { place: Some(self.settings.place.clone()), path: self.settings.path.clone(), what }
    }
}

/// The limit, and all that share its budgets.
fn sharers(declared: Declared) -> Vec<Declared> {
    match declared.limit.shared_as() {
        None => vec![declared],
        Some(share) => all_limits().filter(|other| other.limit.shared_as() == Some(share)).collect(),
    }
}
