//! What `/metrics` says, and which series there are.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use super::wire::Connection;
use crate::failure::{Failure, Outcome};

/// How Prometheus before 2.5 asked, and curl does: without saying what it wants.
pub(super) const PLAIN: Form = Form { accept: None, media: "text/plain; version=0.0.4" };
pub(super) const OPENMETRICS: Form =
    Form { accept: Some("application/openmetrics-text"), media: "application/openmetrics-text" };

const ACTIVE: &str = "http_server_active_requests";
const SHOWN: usize = 20;

/// A form of the exposition: how it is asked for, and how its media type begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    accept: Option<&'static str>,
    media: &'static str,
}

/// The text of `/metrics` in one form.
pub(super) fn scrape(address: SocketAddr, form: Form) -> Result<String, Failure> {
    let accept = form.accept.map(|media| format!("accept: {media}\r\n")).unwrap_or_default();
    let request = format!("GET /metrics HTTP/1.1\r\nhost: airports\r\n{accept}connection: close\r\n\r\n");
    let answer =
        Connection::open(address).and_then(|mut connection| connection.ask(request.as_bytes(), false));
    let answer = answer.map_err(|error| Failure::broken(format!("GET /metrics: {error}")))?;
    let answer = answer.ok_or_else(|| Failure::broken("GET /metrics: closed without an answer"))?;
    let media = answer.field("content-type").unwrap_or_default();
    if answer.status != 200 || !media.starts_with(form.media) {
        let status = answer.status;
        return Err(Failure::broken(format!(
            "GET /metrics: {status} as `{media}`, not 200 as `{}`",
            form.media
        )));
    }
    Ok(answer.text())
}

/// All series of the text form 0.0.4, with their values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Series(BTreeMap<String, String>);

impl Series {
    /// Two lines with one name and the same labels are a mistake of the writer.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let mut all = BTreeMap::new();
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (series, value) =
                sample(line).ok_or_else(|| Failure::broken(format!("no sample, but in /metrics: {line}")))?;
            if all.insert(series.to_owned(), value.to_owned()).is_some() {
                return Err(Failure::broken(format!("twice in /metrics: {series}")));
            }
        }
        Ok(Self(all))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Fails if there are any that were not there before, and names them.
    pub(super) fn check_nothing_new_since(&self, before: &Self) -> Outcome {
        let new: Vec<&str> =
            self.0.keys().filter(|series| !before.0.contains_key(*series)).map(String::as_str).collect();
        if new.is_empty() {
            return Ok(());
        }
        let (count, shown) = (new.len(), new[..new.len().min(SHOWN)].join("\n  "));
        Err(Failure::broken(format!("{count} new series, among them:\n  {shown}")))
    }

    /// How many requests are being answered, by the gauge.
    pub(super) fn active_requests(&self) -> Result<u64, Failure> {
        let of_gauge = |series: &str| series.split('{').next() == Some(ACTIVE);
        let values = self.0.iter().filter(|(series, _)| of_gauge(series)).map(|(series, value)| {
            let whole = value.parse::<u64>();
            whole.map_err(|_| {
                Failure::broken(format!("{series} is {value}, which no number of requests can be"))
            })
        });
        values.sum()
    }
}

/// A series and its value. Label values may hold blanks and braces, and escaped quotation marks.
fn sample(line: &str) -> Option<(&str, &str)> {
    let end = match line.find(['{', ' '])? {
        brace if line[brace..].starts_with('{') => brace + labels_end(&line[brace..])?,
        blank => blank,
    };
    let (series, rest) = line.split_at(end);
    let value = rest.trim_start().split(' ').next()?;
    (!series.is_empty() && rest.starts_with(' ') && !value.is_empty()).then_some((series, value))
}

/// Just behind the closing brace.
fn labels_end(labels: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, character) in labels.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '}' if !quoted => return Some(at + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# HELP http_requests_total How many { \"there\" were.
# TYPE http_requests_total counter
http_requests_total{method=\"GET\",route=\"/airports/{iata}\"} 3
http_requests_total{method=\"GET\",route=\"a } b\\\" } \\\\\"} 4 1700000000000

# TYPE http_server_active_requests gauge
http_server_active_requests{http_request_method=\"GET\"} 1
http_server_active_requests{http_request_method=\"HEAD\"} 0
up 1
h_bucket{le=\"+Inf\"} +Inf
";

    #[test]
    fn a_series_is_a_name_with_its_labels() {
        let series = Series::parse(TEXT).unwrap();
        let all: Vec<_> = series.0.iter().map(|(series, value)| (series.as_str(), value.as_str())).collect();
        assert_eq!(
            all,
            [
                ("h_bucket{le=\"+Inf\"}", "+Inf"),
                ("http_requests_total{method=\"GET\",route=\"/airports/{iata}\"}", "3"),
                ("http_requests_total{method=\"GET\",route=\"a } b\\\" } \\\\\"}", "4"),
                ("http_server_active_requests{http_request_method=\"GET\"}", "1"),
                ("http_server_active_requests{http_request_method=\"HEAD\"}", "0"),
                ("up", "1"),
            ]
        );
    }

    #[test]
    fn what_is_no_sample_is_shown() {
        for line in ["up", "up{", "up{a=\"b\"}", "up{a=\"b\\\"} 1", "{a=\"b\"}1", " 1", "up{a=\"b\"}1"] {
            let failure = Series::parse(line).unwrap_err();
            assert!(failure.message().unwrap().ends_with(line), "{line}");
        }
    }

    #[test]
    fn a_series_must_not_come_twice() {
        let failure = Series::parse("up 1\nup 2\n").unwrap_err();
        assert_eq!(failure.message(), Some("twice in /metrics: up"));
    }

    #[test]
    fn new_series_are_named_and_new_values_are_not() {
        let (before, after) =
            (Series::parse("a 1\nb 1\n").unwrap(), Series::parse("a 2\nb 3\nc{x=\"/junk\"} 1\n").unwrap());
        assert!(before.check_nothing_new_since(&after).is_ok());
        let failure = after.check_nothing_new_since(&before).unwrap_err();
        assert_eq!(failure.message(), Some("1 new series, among them:\n  c{x=\"/junk\"}"));
    }

    #[test]
    fn active_requests_are_added_up() {
        assert_eq!(Series::parse(TEXT).unwrap().active_requests().unwrap(), 1);
        assert_eq!(Series::parse("up 1\n").unwrap().active_requests().unwrap(), 0);
        for value in ["-1", "0.5", "NaN"] {
            let text = format!("{ACTIVE} {value}\n");
            assert!(Series::parse(&text).unwrap().active_requests().is_err(), "{value}");
        }
    }
}
