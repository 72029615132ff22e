//! What a configuration says of one bulkhead.

use super::policy::Bulkhead;
use crate::core::{Keys, Over, SettingFault, Settings, Value};

const WRITE_MOST: &str = "write `max_concurrent`";
const WRITE_QUEUE: &str = "write `queue`";
const WRITE_WAIT: &str = "write `wait = \"100ms\"`";

/// The keys of `bulkhead`, and words for the same things elsewhere.
const KEYS: Keys = Keys {
    known: &["max_concurrent", "queue", "wait", "disabled"],
    elsewhere: &[
        ("max_concurrent_calls", WRITE_MOST),
        ("max_concurrency", WRITE_MOST),
        ("concurrency", WRITE_MOST),
        ("permits", WRITE_MOST),
        ("limit", WRITE_MOST),
        ("max_queue", WRITE_QUEUE),
        ("queue_size", WRITE_QUEUE),
        ("max_wait", WRITE_WAIT),
        ("max_wait_duration", WRITE_WAIT),
        ("timeout", WRITE_WAIT),
        ("enabled", "write `disabled`, which says the contrary"),
        ("disable", "write `disabled`"),
        ("share", "the attribute alone says this, because what is compiled depends on it"),
    ],
};

/// The bulkhead as it is to be.
pub(crate) fn read(
    declared: &'static Bulkhead,
    settings: &Settings,
    faults: &mut Vec<SettingFault>,
) -> Over<Bulkhead> {
    settings.check(&KEYS, faults);
    let mut bulkhead = *declared;
    if let Some(most) = settings.positive("max_concurrent", faults) {
        bulkhead.max_concurrent = most;
    }
    // Nobody in the queue is as good as none.
    let has_none = settings.get("queue").is_some_and(|setting| setting.value == Value::Number(0));
    if has_none {
        (bulkhead.queue, bulkhead.wait) = (0, 0);
    } else if let Some(queue) = settings.positive("queue", faults) {
        bulkhead.queue = queue;
    }
    if let Some(wait) = settings.duration("wait", faults) {
        bulkhead.wait = wait;
    }
    if (bulkhead.queue == 0) != (bulkhead.wait == 0)
        && let Some(setting) = settings.get("queue").or_else(|| settings.get("wait"))
    {
        faults.push(
            settings.fault(setting, "whoever waits has a place and some time: write both `queue` and `wait`"),
        );
    }
    match settings.flag("disabled", faults) {
        Some(true) => Over::Disabled,
        _ => Over::As(bulkhead),
    }
}

/// The name under which sites have one.
pub(crate) fn share(bulkhead: &Bulkhead) -> Option<&'static str> {
    bulkhead.share
}
