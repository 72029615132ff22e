//! Retry budgets of one name: what calls earn has to be the same, because it is one budget in several places.

use super::policy::Retry;
use crate::core::{Registry, SettingFault};

/// Every budget that differs from the first of its name.
pub(crate) fn conflicts() -> Vec<SettingFault> {
    let named = Registry::get().sites().iter().filter_map(|site| {
        let origin = site.origin();
        let retry = *site.policies().iter().find_map(|entry| entry.declared::<Retry>())?;
        Some((format!("{} ({}:{})", site.name(), origin.file, origin.line), retry))
    });
    conflicts_among(&named.collect::<Vec<_>>())
}

fn conflicts_among(retries: &[(String, Retry)]) -> Vec<SettingFault> {
    let conflict = |(place, (name, retry)): (usize, &(String, Retry))| {
        let share = retry.share?;
        let (first, other) = retries.iter().take(place).find(|(_, other)| other.share == Some(share))?;
        let what = format!(
            "the retries of {first} and {name} have one budget, \"{share}\", and differ in `budget`: declare both alike, or share under another name"
        );
        (retry.budget != other.budget).then(|| SettingFault { place: None, path: String::new(), what })
    };
    retries.iter().enumerate().filter_map(conflict).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_functions_are_told() {
        let weather = |parts| Retry::new(3).budget(parts).share("weather");
        let alone = Retry::new(3).budget(1);
        let retries = [("a", weather(7)), ("b", alone), ("c", weather(7).backoff(1, 2)), ("d", weather(8))];
        let faults = conflicts_among(&retries.map(|(name, retry)| (name.to_owned(), retry)));
        let told: Vec<_> = faults.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "the retries of a and d have one budget, \"weather\", and differ in `budget`: declare both alike, or share under another name"
            ]
        );
    }
}
