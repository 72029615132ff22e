//! What a configuration says of one circuit breaker.

use super::policy::{CircuitBreaker, Forced, Rule, SlowCalls, Window};
use crate::core::{Keys, Over, SettingFault, Settings};

const ATTRIBUTE_ALONE: &str = "the attribute alone says this, because what is compiled depends on it";
const WRITE_RATE: &str = "write `failure_rate = 0.5`";
const WRITE_OPEN: &str = "write `open_for = \"30s\"`";
const WRITE_ROW: &str = "write `consecutive_failures`";

/// The keys of `circuit_breaker`, and words for the same things elsewhere.
const KEYS: Keys = Keys {
    known: &[
        "failure_rate",
        "minimum_calls",
        "consecutive_failures",
        "open_for",
        "open_for_growth",
        "open_for_max",
        "jitter",
        "half_open_calls",
        "half_open_rate",
        "half_open_wait",
        "slow_call",
        "slow_rate",
        "mode",
        "disabled",
    ],
    elsewhere: &[
        ("failure_threshold", "write `failure_rate = 0.5`, or `consecutive_failures`, as the attribute does"),
        ("failure_rate_threshold", WRITE_RATE),
        ("failure_ratio", WRITE_RATE),
        ("minimum_number_of_calls", "write `minimum_calls`"),
        ("minimum_throughput", "write `minimum_calls`"),
        ("max_failures", WRITE_ROW),
        ("trip_after", WRITE_ROW),
        ("reset_timeout", WRITE_OPEN),
        ("timeout", WRITE_OPEN),
        ("break_duration", WRITE_OPEN),
        ("wait_duration_in_open_state", WRITE_OPEN),
        ("half_open_max_calls", "write `half_open_calls`"),
        ("permitted_number_of_calls_in_half_open_state", "write `half_open_calls`"),
        ("slow_call_duration_threshold", "write `slow_call = \"2s\"`"),
        ("slow_call_rate_threshold", "write `slow_rate = 0.5`"),
        ("state", "write `mode`"),
        ("enabled", "write `disabled`, which says the contrary"),
        ("disable", "write `disabled`"),
        ("window", ATTRIBUTE_ALONE),
        ("is_failure", ATTRIBUTE_ALONE),
        ("key", ATTRIBUTE_ALONE),
        ("max_keys", ATTRIBUTE_ALONE),
        ("share", ATTRIBUTE_ALONE),
    ],
};

const MODES: &[&str] = &["normal", "metrics_only", "forced_open", "forced_closed"];

/// A whole, in parts per million.
const WHOLE: u32 = 1_000_000;

/// The breaker as it is to be.
pub(crate) fn read(
    declared: &'static CircuitBreaker,
    settings: &Settings,
    faults: &mut Vec<SettingFault>,
) -> Over<CircuitBreaker> {
    settings.check(&KEYS, faults);
    let mut policy = *declared;
    policy.rule = rule(declared.rule, settings, faults);
    policy.slow = slow(declared, settings, faults);
    opening(&mut policy, settings, faults);
    trials(&mut policy, settings, faults);
    match settings.word("mode", MODES, faults) {
        Some("metrics_only") => policy.metrics_only = true,
        Some("forced_open") => policy.forced = Some(Forced::Open),
        Some("forced_closed") => policy.forced = Some(Forced::Closed),
        Some(_) => policy.metrics_only = false,
        None => {}
    }
    match settings.flag("disabled", faults) {
        Some(true) => Over::Disabled,
        _ => Over::As(policy),
    }
}

/// The name under which sites have one.
pub(crate) fn share(policy: &CircuitBreaker) -> Option<&'static str> {
    policy.share
}

/// The numbers of its rule. Which rule it is, is compiled.
fn rule(declared: Rule, settings: &Settings, faults: &mut Vec<SettingFault>) -> Rule {
    let mut unfit = |keys: &[&str], what: &str| {
        let said = keys.iter().filter_map(|key| settings.get(key));
        faults.extend(said.map(|setting| settings.fault(setting, what)));
    };
    match declared {
        Rule::Consecutive(failures) => {
            unfit(
                &["failure_rate", "minimum_calls"],
                "the attribute counts failures in a row: write `consecutive_failures`",
            );
            Rule::Consecutive(settings.positive("consecutive_failures", faults).unwrap_or(failures))
        }
        Rule::Rate { failure_rate, minimum_calls, window } => {
            unfit(
                &["consecutive_failures"],
                "the attribute counts a part of a window: write `failure_rate` and `minimum_calls`",
            );
            let minimum = settings.positive("minimum_calls", faults).unwrap_or(minimum_calls);
            Rule::Rate {
                failure_rate: settings.part("failure_rate", WHOLE, faults).unwrap_or(failure_rate),
                minimum_calls: match window {
                    Window::Calls(calls) => minimum.min(calls),
                    Window::Time(_) => minimum,
                },
                window,
            }
        }
    }
}

/// Whether it looks at how long calls take is compiled.
fn slow(declared: &CircuitBreaker, settings: &Settings, faults: &mut Vec<SettingFault>) -> Option<SlowCalls> {
    let Some(slow) = declared.slow else {
        let said = ["slow_call", "slow_rate"].into_iter().filter_map(|key| settings.get(key));
        let what = "the attribute does not look at how long calls take (`slow_call`): take this away";
        faults.extend(said.map(|setting| settings.fault(setting, what)));
        return None;
    };
    Some(SlowCalls {
        from: settings.duration("slow_call", faults).unwrap_or(slow.from),
        rate: settings.part("slow_rate", WHOLE, faults).unwrap_or(slow.rate),
    })
}

fn opening(policy: &mut CircuitBreaker, settings: &Settings, faults: &mut Vec<SettingFault>) {
    if let Some(nanos) = settings.duration("open_for", faults) {
        policy.open_for = nanos;
    }
    if let Some(factor) = settings.factor("open_for_growth", faults) {
        policy.open_for_growth = factor;
    }
    if let Some(nanos) = settings.duration("open_for_max", faults) {
        policy.open_for_max = Some(nanos);
    }
    if policy.open_for_max.is_some_and(|longest| longest < policy.open_for)
        && let Some(setting) = settings.get("open_for_max").or_else(|| settings.get("open_for"))
    {
        let what = "the longest time is no shorter than the first: lower `open_for`, or raise `open_for_max`";
        faults.push(settings.fault(setting, what));
    }
    if let Some(parts) = settings.part("jitter", WHOLE - 1, faults) {
        policy.jitter = parts;
    }
}

fn trials(policy: &mut CircuitBreaker, settings: &Settings, faults: &mut Vec<SettingFault>) {
    const MOST: u32 = 1000;
    match (settings.positive("half_open_calls", faults), settings.get("half_open_calls")) {
        (Some(calls), Some(setting)) if calls > MOST => {
            faults.push(settings.fault(setting, format!("this is at most {MOST}")));
        }
        (Some(calls), _) => policy.half_open_calls = calls,
        (None, _) => {}
    }
    if let Some(rate) = settings.part("half_open_rate", WHOLE, faults) {
        policy.half_open_rate = Some(rate);
    }
    if let Some(nanos) = settings.duration("half_open_wait", faults) {
        policy.half_open_wait = Some(nanos);
    }
}
