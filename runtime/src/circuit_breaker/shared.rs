//! Breakers of one name: what they declare has to be the same, because they are one breaker in several places.

use super::breakers::declared;
use super::policy::CircuitBreaker;
use crate::core::{Registry, SettingFault, quoted};

/// Every breaker that differs from the first of its name.
pub(crate) fn conflicts() -> Vec<SettingFault> {
    let named = Registry::get().sites().iter().filter_map(|site| {
        let origin = site.origin();
        Some((format!("{} ({}:{})", site.name(), origin.file, origin.line), declared(site)?))
    });
    conflicts_among(&named.collect::<Vec<_>>())
}

fn conflicts_among(breakers: &[(String, &CircuitBreaker)]) -> Vec<SettingFault> {
    let conflict = |(place, (name, breaker)): (usize, &(String, &CircuitBreaker))| {
        let share = breaker.share?;
        let (first, other) = breakers.iter().take(place).find(|(_, other)| other.share == Some(share))?;
        let differs = differences(breaker, other);
        let what = format!(
            "the circuit breakers of {first} and {name} are one, \"{share}\", and differ in {}: declare both alike, or share under another \
             name",
            quoted(&differs)
        );
        (!differs.is_empty()).then(|| SettingFault { place: None, path: String::new(), what })
    };
    breakers.iter().enumerate().filter_map(conflict).collect()
}

/// The arguments of the attribute that two of them do not have in common. What answers mean is each function's own.
fn differences(one: &CircuitBreaker, other: &CircuitBreaker) -> Vec<&'static str> {
    let compared = [
        ("failure_rate` or `consecutive_failures", one.rule == other.rule),
        ("slow_call", one.slow == other.slow),
        ("open_for", one.open_for == other.open_for),
        ("open_for_growth", one.open_for_growth == other.open_for_growth),
        ("open_for_max", one.open_for_max == other.open_for_max),
        ("jitter", one.jitter == other.jitter),
        ("half_open_calls", one.half_open_calls == other.half_open_calls),
        ("half_open_rate", one.half_open_rate == other.half_open_rate),
        ("half_open_wait", one.half_open_wait == other.half_open_wait),
        ("mode", one.metrics_only == other.metrics_only),
        ("key", one.key == other.key),
        ("max_keys", one.max_keys == other.max_keys),
    ];
    compared.into_iter().filter(|(_, is_equal)| !is_equal).map(|(what, _)| what).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_functions_and_what_differs_are_told() {
        let weather = |failures| CircuitBreaker::new().consecutive_failures(failures).share("weather");
        let (one, same, other) = (weather(8), weather(8), weather(9).open_for(1).metrics_only());
        let alone = CircuitBreaker::new().share("alone");
        let breakers = [("a", &one), ("b", &alone), ("c", &same), ("d", &other)];
        let faults = conflicts_among(&breakers.map(|(name, breaker)| (name.to_owned(), breaker)));
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "the circuit breakers of a and d are one, \"weather\", and differ in `failure_rate` or `consecutive_failures`, `open_for` \
                 and `mode`: declare both alike, or share under another name"
            ]
        );
    }
}
