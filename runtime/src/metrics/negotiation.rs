//! Which format a collector would rather have: `Accept` (RFC 9110, section 12.5.1).
//!
//! Of what is accepted equally, the format wins that is named more exactly, and else the text format, which everybody
//! reads. It is also the answer to whoever accepts neither: a collector that asks for something else still learns more from
//! it than from a 406.

use http::HeaderMap;
use http::header::ACCEPT;

use super::exposition::Format;
use crate::http::{thousandths, unquoted};

/// What a format is known by. Of its versions the first is what is answered; the others are close enough to it.
struct Media {
    kind: &'static str,
    subtype: &'static str,
    versions: &'static [&'static str],
}

const TEXT: Media = Media { kind: "text", subtype: "plain", versions: &["0.0.4"] };

const OPEN_METRICS: Media =
    Media { kind: "application", subtype: "openmetrics-text", versions: &["1.0.0", "0.0.1"] };

/// How much a format is wanted; nothing where it is not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Weight {
    /// In thousandths.
    quality: u16,
    precision: u8,
}

/// The format to answer with, by all lines of `Accept`.
#[must_use]
pub(crate) fn negotiate(headers: &HeaderMap) -> Format {
    if weight(headers, &OPEN_METRICS) > weight(headers, &TEXT) { Format::OpenMetrics } else { Format::Text }
}

/// The quality of the range that names the format most exactly; of equally exact ones the highest.
fn weight(headers: &HeaderMap, media: &Media) -> Weight {
    let weights = ranges(headers)
        .filter_map(|range| Some(Weight { quality: range.quality, precision: range.precision(media)? }));
    let weight = weights.max_by_key(|weight| (weight.precision, weight.quality)).unwrap_or_default();
    // What is refused by name is not wanted more than what is not named.
    if weight.quality == 0 { Weight::default() } else { weight }
}

fn ranges(headers: &HeaderMap) -> impl Iterator<Item = Range<'_>> {
    let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| unquoted(line, ',')).filter_map(Range::read)
}

/// A range of media types.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    version: Option<&'a str>,
    quality: u16,
}

impl<'a> Range<'a> {
    /// `None` where it is none: it then says nothing, and the others still do.
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = unquoted(text, ';').map(str::trim_ascii);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let mut range = Self { kind, subtype, version: None, quality: 1_000 };
        for (name, value) in parts.filter_map(|parameter| parameter.split_once('=')) {
            if name.eq_ignore_ascii_case("q") {
                range.quality = thousandths(value)?;
            } else if name.eq_ignore_ascii_case("version") {
                range.version = Some(value.trim_matches('"'));
            }
        }
        Some(range)
    }

    /// How exactly it names the format; `None` where it does not.
    fn precision(&self, media: &Media) -> Option<u8> {
        match (self.kind, self.subtype, self.version) {
            ("*", "*", _) => Some(0),
            (kind, "*", _) if kind.eq_ignore_ascii_case(media.kind) => Some(1),
            (kind, subtype, version)
                if kind.eq_ignore_ascii_case(media.kind) && subtype.eq_ignore_ascii_case(media.subtype) =>
            {
                version.map_or(Some(2), |version| media.versions.contains(&version).then_some(3))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::Format::{OpenMetrics, Text};
    use super::*;

    fn answer(lines: &[&[u8]]) -> Format {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(ACCEPT, HeaderValue::from_bytes(line).unwrap());
        }
        negotiate(&headers)
    }

    fn check(rows: &[(&str, Format)]) {
        for (accept, format) in rows {
            assert_eq!(answer(&[accept.as_bytes()]), *format, "{accept}");
        }
    }

    #[test]
    fn the_formats_are_called_by_their_versions() {
        assert_eq!(Text.content_type(), "text/plain; version=0.0.4; charset=utf-8");
        assert_eq!(OpenMetrics.content_type(), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    }

    #[test]
    fn every_prometheus_gets_what_it_asks_for() {
        check(&[
            // 1.x
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,\
                 text/plain;version=0.0.4;q=0.3,*/*;q=0.1",
                Text,
            ),
            // 2.0
            ("text/plain;version=0.0.4;q=1,*/*;q=0.1", Text),
            // 2.5
            (
                "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                OpenMetrics,
            ),
            // 2.43
            (
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,\
                 text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                OpenMetrics,
            ),
            // 2.40 with native histograms
            (
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,\
                 application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,\
                 text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
                OpenMetrics,
            ),
            // 3.x
            (
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,\
                 application/openmetrics-text;version=0.0.1;q=0.4,\
                 text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1",
                OpenMetrics,
            ),
            // 3.x, told to ask for text
            (
                "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.3",
                Text,
            ),
        ]);
    }

    #[test]
    fn people_get_text() {
        check(&[
            ("*/*", Text),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", Text),
            ("text/plain", Text),
            ("text/*", Text),
        ]);
    }

    #[test]
    fn without_a_word_that_is_understood_the_answer_is_text() {
        assert_eq!(answer(&[]), Text);
        check(&[
            ("", Text),
            (" , ,", Text),
            ("application/json", Text),
            ("openmetrics", Text),
            ("application", Text),
            ("application/", Text),
            ("*", Text),
            ("*/openmetrics-text", Text),
            ("application/openmetrics-text;q=", Text),
            ("application/openmetrics-text;q=high", Text),
            ("application/openmetrics-text;q=2", Text),
            ("application/openmetrics-text;q=1.5", Text),
            ("application/openmetrics-text;q=-1", Text),
            ("application/openmetrics-text;q=.5", Text),
            ("application /openmetrics-text", Text),
        ]);
        assert_eq!(answer(&[b"application/openmetrics-text;v=\xff"]), Text);
    }

    #[test]
    fn open_metrics_is_answered_to_whoever_asks_for_it() {
        check(&[
            ("application/openmetrics-text", OpenMetrics),
            ("Application/OpenMetrics-Text", OpenMetrics),
            ("application/openmetrics-text; charset=utf-8", OpenMetrics),
            ("application/*", OpenMetrics),
            ("application/json, application/openmetrics-text", OpenMetrics),
            ("application/openmetrics-text, */*", OpenMetrics),
            ("application/openmetrics-text;q=0.001", OpenMetrics),
        ]);
    }

    #[test]
    fn both_known_versions_are_answered_and_unknown_ones_are_text() {
        check(&[
            ("application/openmetrics-text;version=1.0.0", OpenMetrics),
            ("application/openmetrics-text;version=0.0.1", OpenMetrics),
            ("application/openmetrics-text; Version=\"1.0.0\"", OpenMetrics),
            ("application/openmetrics-text;version=2.0.0", Text),
            ("application/openmetrics-text;version=", Text),
            (
                "application/openmetrics-text;version=2.0.0, application/openmetrics-text;version=0.0.1",
                OpenMetrics,
            ),
            ("application/openmetrics-text;version=2.0.0, application/openmetrics-text;q=0.5", OpenMetrics),
            ("text/plain;version=0.0.5, application/openmetrics-text;q=0.1", OpenMetrics),
        ]);
    }

    #[test]
    fn the_higher_quality_wins_wherever_it_stands() {
        check(&[
            ("text/plain;q=0.5, application/openmetrics-text;q=0.6", OpenMetrics),
            ("application/openmetrics-text;q=0.5, text/plain;q=0.6", Text),
            ("application/openmetrics-text;q=0.500, text/plain;q=0.501", Text),
            ("application/openmetrics-text;q=0.9999, text/plain;q=1.000", Text),
            ("application/openmetrics-text;Q=0.5, text/plain;q=0.6", Text),
            ("application/openmetrics-text ; q=0.5 , text/plain ; q=0.6", Text),
            ("application/openmetrics-text;q=0.5, */*", Text),
            ("application/*;q=0.9, text/*;q=0.8", OpenMetrics),
        ]);
    }

    #[test]
    fn of_equal_qualities_the_more_exact_range_wins_and_then_text() {
        check(&[
            ("application/openmetrics-text, text/plain", Text),
            ("text/plain, application/openmetrics-text", Text),
            ("application/openmetrics-text;version=1.0.0, text/plain", OpenMetrics),
            ("application/openmetrics-text, text/*", OpenMetrics),
            ("application/*, text/plain", Text),
        ]);
    }

    #[test]
    fn the_more_exact_range_says_the_quality() {
        check(&[
            ("application/*;q=0.9, application/openmetrics-text;q=0.1, text/plain;q=0.5", Text),
            (
                "application/openmetrics-text;q=0.9, application/openmetrics-text;version=1.0.0;q=0.1, text/*;q=0.5",
                Text,
            ),
            ("*/*;q=0.9, text/plain;q=0.1", OpenMetrics),
        ]);
    }

    #[test]
    fn what_is_refused_is_not_answered_unless_nothing_else_is_left() {
        check(&[
            ("application/openmetrics-text;q=0, */*", Text),
            ("application/openmetrics-text;q=0", Text),
            ("application/openmetrics-text;q=0.000, text/plain;q=0.1", Text),
            ("text/plain;q=0, */*", OpenMetrics),
            ("text/plain;q=0, application/openmetrics-text;q=0.1", OpenMetrics),
            ("text/plain;q=0", Text),
            ("*/*;q=0", Text),
        ]);
    }

    #[test]
    fn all_lines_count() {
        assert_eq!(answer(&[b"text/plain;q=0.5", b"application/openmetrics-text"]), OpenMetrics);
        assert_eq!(answer(&[b"application/openmetrics-text;q=0.5", b"text/plain"]), Text);
        assert_eq!(answer(&[b"\xff", b"", b"application/openmetrics-text"]), OpenMetrics);
    }

    #[test]
    fn separators_within_quotes_separate_nothing() {
        check(&[
            ("text/x;a=\",application/openmetrics-text,\"", Text),
            ("text/x;a=\"\\\",application/openmetrics-text,\"", Text),
            ("application/openmetrics-text;a=\";q=0\"", OpenMetrics),
            ("text/x;a=\"b\\\\\",application/openmetrics-text", OpenMetrics),
        ]);
    }

    proptest! {
        #[test]
        fn no_accept_makes_it_panic(
            lines in prop::collection::vec(
                prop_oneof![
                    "[ -~]{0,60}".prop_map(String::into_bytes),
                    "(text/plain|\\*/\\*|application/openmetrics-text|[;=,\" ]|q=|[0-9.]{1,3}|version=){0,12}"
                        .prop_map(String::into_bytes),
                    prop::collection::vec(128_u8..=255, 0..8),
                ],
                0..4,
            ),
        ) {
            let lines: Vec<_> = lines.iter().map(Vec::as_slice).collect();
            let _ = answer(&lines);
        }

        #[test]
        fn the_order_of_ranges_means_nothing(
            ranges in Just(vec![
                "application/openmetrics-text;version=1.0.0;q=0.5",
                "application/openmetrics-text;q=0.4",
                "text/plain;version=0.0.4;q=0.3",
                "text/*;q=0.9",
                "*/*;q=0.1",
            ])
            .prop_shuffle(),
        ) {
            prop_assert_eq!(answer(&[ranges.join(",").as_bytes()]), OpenMetrics);
        }
    }
}
