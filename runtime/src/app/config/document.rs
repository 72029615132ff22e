//! TOML: `[sites."airports::list".rate_limited]` and the keys below it.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeFloat, DeInteger, DeTable, DeValue, Error};

use crate::core::{Place, Setting, SettingFault, Value, closest, spelled};

/// The one key at the top.
const SITES: &str = "sites";

/// What is said of one policy of one site, as it is written.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) site: String,
    pub(super) label: String,
    /// Where its name stands.
    pub(super) place: Place,
    pub(super) settings: Vec<Setting>,
}

/// The sections of a text; of none that is no TOML.
pub(super) fn read(source: &Arc<str>, text: &str, faults: &mut Vec<SettingFault>) -> Vec<Section> {
    let reader = Reader { source, lines: Lines::of(text) };
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // The rest of them says no more: one slip makes many.
        faults.extend(errors.iter().take(MOST_ERRORS).map(|error| reader.syntax(error, text)));
        return Vec::new();
    }
    let mut sections = Vec::new();
    for (key, value) in document.get_ref() {
        if key.get_ref() == SITES {
            reader.sites(value, faults, &mut sections);
        } else {
            let near = closest(key.get_ref(), [SITES].into_iter());
            let hint = near.map_or_else(
                || {
                    "everything stands below `sites`, as in `[sites.\"airports::list\".rate_limited]`"
                        .to_owned()
                },
                |near| format!("did you mean `{near}`?"),
            );
            faults.push(reader.fault(key, spelled(key.get_ref()), format!("there is no such key: {hint}")));
        }
    }
    sections
}

struct Reader<'a> {
    source: &'a Arc<str>,
    lines: Lines,
}

impl Reader<'_> {
    fn sites(&self, value: &Spanned<DeValue<'_>>, faults: &mut Vec<SettingFault>, into: &mut Vec<Section>) {
        let DeValue::Table(sites) = value.get_ref() else {
            faults.push(self.no_table(value, SITES.to_owned(), "[sites.\"airports::list\".rate_limited]"));
            return;
        };
        for (site, value) in sites {
            let path = format!("{SITES}.{}", spelled(site.get_ref()));
            let DeValue::Table(policies) = value.get_ref() else {
                faults.push(self.no_table(value, path.clone(), &format!("[{path}.rate_limited]")));
                continue;
            };
            for (label, value) in policies {
                let path = format!("{path}.{}", spelled(label.get_ref()));
                match value.get_ref() {
                    DeValue::Table(settings) => into.push(Section {
                        site: site.get_ref().to_string(),
                        label: label.get_ref().to_string(),
                        place: self.place(&label.span()),
                        settings: settings.iter().map(|(key, value)| self.setting(key, value)).collect(),
                    }),
                    _ => faults.push(self.no_table(value, path.clone(), &format!("[{path}]"))),
                }
            }
        }
    }

    fn setting(&self, key: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) -> Setting {
        let (key, place) = (key.get_ref().to_string(), self.place(&key.span()));
        Setting { key, place, value: self.value(value.get_ref()) }
    }

    fn value(&self, value: &DeValue<'_>) -> Value {
        match value {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(number) => Value::Number(number_of(number)),
            DeValue::Boolean(flag) => Value::Flag(*flag),
            DeValue::Array(values) => {
                let values = values.iter();
                Value::List(
                    values.map(|value| (self.place(&value.span()), self.value(value.get_ref()))).collect(),
                )
            }
            DeValue::Float(number) => fraction_of(number),
            DeValue::Datetime(_) => Value::Other("a date or a time"),
            DeValue::Table(_) => Value::Other("a table"),
        }
    }

    fn place(&self, span: &Range<usize>) -> Place {
        Place { source: self.source.clone(), line: self.lines.at(span.start) }
    }

    fn fault<T>(&self, at: &Spanned<T>, path: String, what: String) -> SettingFault {
        SettingFault { place: Some(self.place(&at.span())), path, what }
    }

    fn no_table(&self, value: &Spanned<DeValue<'_>>, path: String, header: &str) -> SettingFault {
        let kind = self.value(value.get_ref()).kind();
        self.fault(value, path, format!("this is {kind}, where a table belongs: write `{header}`"))
    }

    /// Names of sites have to stand in quotes, and the parser cannot know that this is what is missing.
    fn syntax(&self, error: &Error, text: &str) -> SettingFault {
        let span = error.span().unwrap_or_default();
        let written = line_around(text, span.start);
        let is_header = written.trim_start().starts_with('[') && written.contains(':');
        let hint = if is_header {
            ": names with `:` stand in quotes, as in `[sites.\"airports::list\".\"rate_limited:principal\"]`"
        } else {
            ""
        };
        let what = format!("this is no TOML: {}{hint}", error.message());
        SettingFault { place: Some(self.place(&span)), path: String::new(), what }
    }
}

/// The line that holds that byte.
fn line_around(text: &str, byte: usize) -> &str {
    let (before, after) = text.split_at_checked(byte).unwrap_or((text, ""));
    let begin = before.rfind('\n').map_or(0, |end| end + 1);
    let end = after.find('\n').map_or(text.len(), |end| before.len() + end);
    text.get(begin..end).unwrap_or_default()
}

/// A number that is too long for any type is as wrong as the largest.
fn number_of(number: &DeInteger<'_>) -> i128 {
    let beyond = if number.as_str().starts_with('-') { i128::MIN } else { i128::MAX };
    i128::from_str_radix(number.as_str(), number.radix()).unwrap_or(beyond)
}

/// Infinite, or none at all, it is nothing that a setting takes.
fn fraction_of(number: &DeFloat<'_>) -> Value {
    match number.as_str().replace('_', "").parse::<f64>() {
        Ok(fraction) if fraction.is_finite() => Value::Fraction(fraction),
        _ => Value::Other("no finite number"),
    }
}

/// How many errors of the parser are told.
const MOST_ERRORS: usize = 51;

/// Where lines begin.
struct Lines(Vec<usize>);

impl Lines {
    fn of(text: &str) -> Self {
        Self(text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(place, _)| place).collect())
    }

    /// The line of that byte, from 1.
    fn at(&self, byte: usize) -> usize {
        self.0.partition_point(|end| *end < byte) + 1
    }
}
