//! "Did you mean".

/// The known word that is nearest to what was written, where one is near enough.
pub(crate) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_ascii_lowercase();
    let distances = known.into_iter().map(|word| (distance(&written, word), word));
    let (distance, word) = distances.min()?;
    let tolerated = word.len().max(written.len()).div_ceil(3).min(3);
    (distance <= tolerated && distance < word.len()).then_some(word)
}

/// How many letters have to be put in, taken away, replaced or swapped with their neighbour (optimal string
/// alignment).
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<_>, Vec<_>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<_>>()];
    for i in 1..=one.len() {
        let mut row = vec![i];
        for j in 1..=other.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        let known = ["burst", "key", "missing", "cost", "shadow"];
        let cases = [
            ("brust", Some("burst")),
            ("Missing", Some("missing")),
            ("mising", Some("missing")),
            ("shadows", Some("shadow")),
            ("kye", Some("key")),
            ("interval", None),
            ("x", None),
        ];
        for (written, expected) in cases {
            assert_eq!(nearest(written, known), expected, "{written}");
        }
    }
}
