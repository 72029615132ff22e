//! Rates are spelled in a configuration as in the attribute. A crate of macros exports nothing but macros, so what reads them is
//! written twice; this holds the two texts equal.

const ATTRIBUTE: &str = include_str!("../../../macros/src/args/rate.rs");
const UNITS: &str = include_str!("../../../macros/src/args/duration.rs");
const CONFIGURATION: &str = include_str!("../../../runtime/src/rate_limit/rate_text.rs");

/// What stands between two words, the first included, without indentation.
fn part(source: &str, from: &str, to: &str) -> String {
    let start = source.find(from).unwrap_or_else(|| panic!("`{from}` is gone"));
    let end = source[start..].find(to).map_or(source.len(), |end| start + end);
    let lines = source[start..end].trim_end().lines().map(str::trim);
    lines.collect::<Vec<_>>().join("\n").replace("pub(crate) ", "pub(super) ")
}

#[test]
fn rates_have_one_grammar() {
    let [attribute, configuration] = [ATTRIBUTE, CONFIGURATION].map(|source| {
        let model = part(source, "/// A rate, valid by construction.", "impl ");
        let grammar = part(source, "fn parse_rate(", "/// The rate that somebody means");
        let hint = part(source, "/// The rate that somebody means", "\n}\n");
        [model.split("\nconst EXAMPLES").next().unwrap().trim().to_owned(), grammar, hint]
    });
    assert_eq!(attribute, configuration);
    let units = "/// The units, by their words";
    assert_eq!(part(UNITS, units, "\nimpl "), part(CONFIGURATION, units, "\nimpl "));
    for constant in ["const EXAMPLES: ", "const LONGEST_NANOS: "] {
        assert_eq!(part(ATTRIBUTE, constant, ";"), part(CONFIGURATION, constant, ";"));
    }
}

#[test]
fn rates_are_tested_by_one_table() {
    for test in ["fn every_spelling_of_a_rate_is_understood", "fn what_is_no_rate_is_refused_with_the_reason"]
    {
        assert_eq!(part(ATTRIBUTE, test, "\n    }\n"), part(CONFIGURATION, test, "\n    }\n"));
    }
}
