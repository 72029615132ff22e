//! "Did you mean?"

/// The longest text that is compared: names of fields and sites are shorter, and clients send what they like.
const MOST_BYTES: usize = 128;

/// The name that was most likely meant, if one is near enough.
pub(crate) fn closest<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if written.is_empty() || written.len() > MOST_BYTES {
        return None;
    }
    let distances = names.map(|name| (distance(written, name), name));
    let (distance, name) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= written.len().max(name.len()) / 3 + 1 && distance < name.len()).then_some(name)
}

/// How many letters to put in, take out or change; capitals count as small ones.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.bytes().enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (column, other) in other.bytes().enumerate() {
            let changed = diagonal + usize::from(!letter.eq_ignore_ascii_case(&other));
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["iata", "elevation", "name"];

    #[test]
    fn slips_are_understood_and_other_words_are_not() {
        let cases = [
            ("elevatoin", Some("elevation")),
            ("Elevation", Some("elevation")),
            ("nam", Some("name")),
            ("iatta", Some("iata")),
            ("country", None),
            ("", None),
            ("x", None),
        ];
        for (written, expected) in cases {
            assert_eq!(closest(written, NAMES.into_iter()), expected, "{written}");
        }
        assert_eq!(closest(&"name".repeat(1000), NAMES.into_iter()), None);
    }
}
