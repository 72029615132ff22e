//! What a configuration says of one timeout.

use super::policy::Timeout;
use crate::core::{Keys, Over, SettingFault, Settings};

const WRITE_AFTER: &str = "write `after = \"2s\"`";

/// The keys of `timeout`, and words for the same things elsewhere.
const KEYS: Keys = Keys {
    known: &["after", "total", "disabled"],
    elsewhere: &[
        ("timeout", WRITE_AFTER),
        ("duration", WRITE_AFTER),
        ("each", WRITE_AFTER),
        ("deadline", "write `total = \"5s\"`"),
        ("enabled", "write `disabled`, which says the contrary"),
        ("disable", "write `disabled`"),
    ],
};

/// The timeout as it is to be.
pub(crate) fn read(
    declared: &'static Timeout,
    settings: &Settings,
    faults: &mut Vec<SettingFault>,
) -> Over<Timeout> {
    settings.check(&KEYS, faults);
    let mut timeout = *declared;
    let said = [("after", &mut timeout.each), ("total", &mut timeout.total)];
    for (key, time) in said {
        let Some(nanos) = settings.duration(key, faults) else { continue };
        if time.is_none()
            && let Some(setting) = settings.get(key)
        {
            let what = "the attribute has no such time, and what is compiled depends on it: take this away";
            faults.push(settings.fault(setting, what));
        }
        *time = Some(nanos);
    }
    if let (Some(each), Some(total)) = (timeout.each, timeout.total)
        && each > total
        && let Some(setting) = settings.get("after").or_else(|| settings.get("total"))
    {
        faults.push(settings.fault(
            setting,
            "one attempt has no more time than all of them: lower `after`, or raise `total`",
        ));
    }
    match settings.flag("disabled", faults) {
        Some(true) => Over::Disabled,
        _ => Over::As(timeout),
    }
}
