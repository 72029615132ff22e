//! What a configuration says of the retries of one function.

use super::policy::Retry;
use crate::core::{Keys, Over, SettingFault, Settings};

const ATTRIBUTE_ALONE: &str = "the attribute alone says this, because what is compiled depends on it";
const WRITE_ATTEMPTS: &str = "write `attempts`, the first of which is the call itself";
const WRITE_BACKOFF: &str = "write `backoff = \"100ms..2s\"`";

/// The keys of `retry`, and words for the same things elsewhere.
const KEYS: Keys = Keys {
    known: &["attempts", "backoff", "budget", "disabled"],
    elsewhere: &[
        ("max_attempts", WRITE_ATTEMPTS),
        ("retries", WRITE_ATTEMPTS),
        ("max_retries", WRITE_ATTEMPTS),
        ("times", WRITE_ATTEMPTS),
        ("delay", WRITE_BACKOFF),
        ("wait", WRITE_BACKOFF),
        ("min_delay", WRITE_BACKOFF),
        ("max_delay", WRITE_BACKOFF),
        ("enabled", "write `disabled`, which says the contrary"),
        ("disable", "write `disabled`"),
        ("retry_if", ATTRIBUTE_ALONE),
        ("retry_after", ATTRIBUTE_ALONE),
        ("share", ATTRIBUTE_ALONE),
    ],
};

/// The most attempts that anybody means, here as in the attribute: what is down is not helped by more.
const MOST_ATTEMPTS: u32 = 20;

/// Ten retries for each call.
const LARGEST_BUDGET: u32 = 10_000_000;

/// The retries as they are to be.
pub(crate) fn read(
    declared: &'static Retry,
    settings: &Settings,
    faults: &mut Vec<SettingFault>,
) -> Over<Retry> {
    settings.check(&KEYS, faults);
    let mut retry = *declared;
    if let (Some(attempts), Some(setting)) = (settings.positive("attempts", faults), settings.get("attempts"))
    {
        match attempts {
            1 => {
                let what = "the first attempt is one of them: write at least 2, or `disabled = true`";
                faults.push(settings.fault(setting, what));
            }
            2..=MOST_ATTEMPTS => retry.attempts = attempts,
            _ => faults.push(settings.fault(setting, format!("this is at most {MOST_ATTEMPTS}"))),
        }
    }
    if let Some(backoff) = settings.durations("backoff", faults) {
        retry.backoff = backoff;
    }
    if let Some(budget) = settings.part("budget", LARGEST_BUDGET, faults) {
        retry.budget = Some(budget);
    }
    match settings.flag("disabled", faults) {
        Some(true) => Over::Disabled,
        _ => Over::As(retry),
    }
}

/// The name under which sites have one budget.
pub(crate) fn share(retry: &Retry) -> Option<&'static str> {
    retry.share
}

/// Whether a key is about the budget, which sites share; how often and when a call is made again is each one's own.
pub(crate) fn is_common(key: &str) -> bool {
    key == "budget"
}
