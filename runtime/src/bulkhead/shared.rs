//! Bulkheads of one name: what they declare has to be the same, because they are one bulkhead in several places.

use super::compartments::declared;
use super::policy::Bulkhead;
use crate::core::{Registry, SettingFault, quoted};

/// Every bulkhead that differs from the first of its name.
pub(crate) fn conflicts() -> Vec<SettingFault> {
    let named = Registry::get().sites().iter().filter_map(|site| {
        let origin = site.origin();
        Some((format!("{} ({}:{})", site.name(), origin.file, origin.line), declared(site)?))
    });
    conflicts_among(&named.collect::<Vec<_>>())
}

fn conflicts_among(bulkheads: &[(String, &Bulkhead)]) -> Vec<SettingFault> {
    let conflict = |(place, (name, bulkhead)): (usize, &(String, &Bulkhead))| {
        let share = bulkhead.share?;
        let (first, other) = bulkheads.iter().take(place).find(|(_, other)| other.share == Some(share))?;
        let differs = differences(bulkhead, other);
        let what = format!(
            "the bulkheads of {first} and {name} are one, \"{share}\", and differ in {}: declare both alike, or share under another name",
            quoted(&differs)
        );
        (!differs.is_empty()).then(|| SettingFault { place: None, path: String::new(), what })
    };
    bulkheads.iter().enumerate().filter_map(conflict).collect()
}

/// The arguments of the attribute that two of them do not have in common.
fn differences(one: &Bulkhead, other: &Bulkhead) -> Vec<&'static str> {
    let compared = [
        ("max_concurrent", one.max_concurrent == other.max_concurrent),
        ("queue", one.queue == other.queue),
        ("wait", one.wait == other.wait),
    ];
    compared.into_iter().filter(|(_, is_equal)| !is_equal).map(|(what, _)| what).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_functions_and_what_differs_are_told() {
        let upstream = |places| Bulkhead::new(places).share("upstream");
        let (one, same, other) = (upstream(8), upstream(8), upstream(9).queue(1, 1));
        let alone = Bulkhead::new(1).share("alone");
        let bulkheads = [("a", &one), ("b", &alone), ("c", &same), ("d", &other)];
        let faults = conflicts_among(&bulkheads.map(|(name, bulkhead)| (name.to_owned(), bulkhead)));
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "the bulkheads of a and d are one, \"upstream\", and differ in `max_concurrent`, `queue` and `wait`: declare both alike, or share under another name"
            ]
        );
    }
}
