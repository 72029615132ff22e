//! Versions in media types: `application/vnd.airports.v2+json`, and `application/json;v=2`.

use crate::http::{thousandths, unquoted};

/// What a media type says of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Weighed<'a> {
    pub(super) version: &'a str,
    /// In thousandths.
    pub(super) weight: u16,
}

/// The versions in the media ranges of `Accept` that weigh most; those without a version do not count, nor those that are not wanted.
pub(super) fn accepted<'a>(accept: &'a str, base: &str) -> Vec<&'a str> {
    let found: Vec<_> = unquoted(accept, ',').filter_map(|range| version_of(range, base)).collect();
    let most = found.iter().map(|found| found.weight).max().unwrap_or_default();
    let wanted = found.into_iter().filter(|found| found.weight == most && most > 0);
    wanted.map(|found| found.version).collect()
}

/// The version of one media type.
pub(super) fn version_of<'a>(media_type: &'a str, base: &str) -> Option<Weighed<'a>> {
    let mut parts = unquoted(media_type, ';');
    let mut version = in_name(parts.next()?.trim(), base);
    let mut weight = 1000;
    for parameter in parts {
        let Some((name, value)) = parameter.split_once('=') else { continue };
        let (name, value) = (name.trim(), value.trim().trim_matches('"'));
        if name.eq_ignore_ascii_case("q") {
            weight = thousandths(value).unwrap_or_default();
        } else if name.eq_ignore_ascii_case("v") || name.eq_ignore_ascii_case("version") {
            version = Some(value);
        }
    }
    Some(Weighed { version: version?, weight })
}

/// Behind the name that the API's media types have in common, and in front of a suffix such as `+json`. A further word that does not
/// look like a version is none: other media types of that API may have it.
fn in_name<'a>(name: &'a str, base: &str) -> Option<&'a str> {
    let (front, rest) = name.split_at_checked(base.len())?;
    if base.is_empty() || !front.eq_ignore_ascii_case(base) {
        return None;
    }
    let version = rest.strip_prefix('.')?;
    let version = version.split('+').next().unwrap_or_default();
    let number = version.strip_prefix(['v', 'V']).unwrap_or(version);
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "application/vnd.airports";

    #[test]
    fn a_media_type_has_its_version_in_its_name_or_as_a_parameter() {
        for (media_type, version) in [
            ("application/vnd.airports.v2+json", Some("v2")),
            ("Application/VND.Airports.V2+json", Some("V2")),
            ("application/vnd.airports.2", Some("2")),
            ("application/json;v=2", Some("2")),
            ("application/json; version=\"2\"; charset=utf-8", Some("2")),
            ("application/vnd.airports.summary+json", None),
            ("application/vnd.airports+json", None),
            ("application/vnd.other.v2+json", None),
            ("application/json", None),
            ("*/*", None),
            ("", None),
        ] {
            assert_eq!(version_of(media_type, BASE).map(|found| found.version), version, "{media_type}");
        }
    }

    #[test]
    fn what_weighs_most_counts_and_what_weighs_nothing_does_not() {
        for (accept, versions) in [
            ("application/json;v=1;q=0.5, application/json;v=2", &["2"][..]),
            ("application/json;v=1, application/json;v=2;q=0.999", &["1"]),
            ("application/json;v=1, application/json;v=2", &["1", "2"]),
            ("text/html, application/json;v=1;q=0.1", &["1"]),
            ("application/json;v=1;q=0", &[]),
            ("application/json;v=1;q=high", &[]),
            ("application/json;x=\",;v=3\";v=1", &["1"]),
            ("text/html", &[]),
        ] {
            assert_eq!(accepted(accept, BASE), versions, "{accept}");
        }
    }
}
