//! "Did you mean": the nearest of the known words.

/// The message for a word that is not one of `known`.
pub(crate) fn unknown(kind: &str, word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(candidate) => format!("unknown {kind} `{word}`: did you mean `{candidate}`?"),
        None => format!("unknown {kind} `{word}`: there are {}", known.join(", ")),
    }
}

/// The candidate that `word` is the beginning of, or else the one that is at most two edits away.
fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let shortened = |candidate: &&&str| word.len() > 1 && candidate.starts_with(word);
    if let Some(candidate) = known.iter().find(shortened) {
        return Some(candidate);
    }
    let measured = known.iter().map(|candidate| (distance(word, candidate), *candidate));
    let near = measured.filter(|(edits, candidate)| *edits <= 2 && *edits < candidate.len());
    near.min_by_key(|(edits, _)| *edits).map(|(_, candidate)| candidate)
}

/// The Levenshtein distance, row by row.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (line, from) in left.chars().enumerate() {
        let mut diagonal = line;
        row[0] = line + 1;
        for (column, to) in right.iter().enumerate() {
            let substituted = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = substituted.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["test", "ui", "features", "docs"];

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("", "docs"), 4);
        assert_eq!(distance("docs", ""), 4);
        assert_eq!(distance("test", "test"), 0);
        assert_eq!(distance("tset", "test"), 2);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn a_slip_finds_its_word() {
        assert_eq!(nearest("tets", KNOWN), Some("test"));
        assert_eq!(nearest("doc", KNOWN), Some("docs"));
        assert_eq!(nearest("feat", KNOWN), Some("features"));
    }

    #[test]
    fn a_word_that_is_near_to_none_lists_them_all() {
        assert_eq!(
            unknown("command", "publish", KNOWN),
            "unknown command `publish`: there are test, ui, features, docs"
        );
        assert_eq!(nearest("anything", &[]), None);
        assert_eq!(nearest("f", KNOWN), None);
    }
}
