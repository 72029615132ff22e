//! The values that labels may have: bounded sets, whatever clients send.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use ::http::uri::Scheme;
use ::http::{Method, Uri, Version};
use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};

/// The route of requests that no route matched.
pub(crate) const UNMATCHED: &str = "_unmatched";

/// The methods that HTTP knows (RFC 9110, RFC 5789), and all others as one.
const METHODS: [&str; 10] =
    ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "_OTHER"];

const SCHEMES: [&str; 2] = ["http", "https"];

/// How a request came in, as far as labels tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    method: u8,
    scheme: u8,
}

impl Entry {
    /// Of a request. From HTTP/2 on every request tells its scheme. Before that it stands in what is sent to a proxy alone,
    /// and a server that is asked so by somebody who makes it up is no proxy: it counts as `http`.
    #[inline]
    pub(crate) fn of(method: &Method, uri: &Uri, version: Version) -> Self {
        let is_https = version >= Version::HTTP_2 && uri.scheme() == Some(&Scheme::HTTPS);
        Self { method: method_index(method), scheme: u8::from(is_https) }
    }

    /// All of them.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let methods = 0..u8::try_from(METHODS.len()).unwrap_or(u8::MAX);
        methods.flat_map(|method| [0, 1].map(|scheme| Self { method, scheme }))
    }

    /// Its place among [all](Self::all).
    pub(super) const fn index(self) -> usize {
        self.method as usize * SCHEMES.len() + self.scheme as usize
    }

    pub(super) const fn method(self) -> &'static str {
        METHODS[self.method as usize % METHODS.len()]
    }

    pub(super) const fn scheme(self) -> &'static str {
        SCHEMES[self.scheme as usize % SCHEMES.len()]
    }
}

#[inline]
fn method_index(method: &Method) -> u8 {
    match *method {
        Method::GET => 0,
        Method::HEAD => 1,
        Method::POST => 2,
        Method::PUT => 3,
        Method::DELETE => 4,
        Method::CONNECT => 5,
        Method::OPTIONS => 6,
        Method::TRACE => 7,
        Method::PATCH => 8,
        _ => 9,
    }
}

/// How a request ended, as far as labels tell: a status, and what went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Ending {
    status: u16,
    fault: Fault,
}

/// What went wrong besides a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fault {
    Nothing,
    /// The client went away, or a timeout outside fired.
    Cancelled,
    /// The handler panicked.
    Panic,
    /// The body broke off.
    Body,
}

impl Ending {
    /// An answer with that status, or none at all (`0`).
    pub(crate) const fn new(status: u16, fault: Fault) -> Self {
        Self { status, fault }
    }

    pub(crate) fn status(self) -> Option<u16> {
        (self.status != 0).then_some(self.status)
    }

    /// `error.type` of the OpenTelemetry conventions: on the server's side 4xx is no error.
    pub(crate) fn error(self) -> Option<ErrorType> {
        match self.fault {
            Fault::Cancelled => Some(ErrorType::Named("cancelled")),
            Fault::Panic => Some(ErrorType::Named("panic")),
            Fault::Body => Some(ErrorType::Named("body")),
            Fault::Nothing if self.status >= 500 => Some(ErrorType::Status(self.status)),
            Fault::Nothing => None,
        }
    }
}

/// A value of `error_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ErrorType {
    Named(&'static str),
    Status(u16),
}

impl fmt::Display for ErrorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Status(status) => write!(f, "{status}"),
        }
    }
}

impl EncodeLabelValue for ErrorType {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        write!(encoder, "{self}")
    }
}

/// The labels of `http_server_request_duration_seconds`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct DurationLabels {
    http_request_method: &'static str,
    http_route: Arc<str>,
    http_response_status_code: Option<u16>,
    url_scheme: &'static str,
    error_type: Option<ErrorType>,
}

impl DurationLabels {
    pub(super) fn new(route: &Arc<str>, entry: Entry, ending: Ending) -> Self {
        Self {
            http_request_method: entry.method(),
            http_route: Arc::clone(route),
            http_response_status_code: ending.status(),
            url_scheme: entry.scheme(),
            error_type: ending.error(),
        }
    }
}

/// The labels of `http_server_active_requests`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ActiveLabels {
    http_request_method: &'static str,
    url_scheme: &'static str,
}

impl From<Entry> for ActiveLabels {
    fn from(entry: Entry) -> Self {
        Self { http_request_method: entry.method(), url_scheme: entry.scheme() }
    }
}

/// The labels of `tollgate_decisions_total`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct DecisionLabels {
    pub(super) site: &'static str,
    pub(super) policy: &'static str,
    pub(super) outcome: &'static str,
}

#[cfg(test)]
mod tests {
    use ::http::Request;

    use super::*;

    fn entry(method: &str, uri: &str, version: Version) -> (&'static str, &'static str) {
        let request = Request::builder().method(method).uri(uri).body(()).unwrap();
        let entry = Entry::of(request.method(), request.uri(), version);
        (entry.method(), entry.scheme())
    }

    #[test]
    fn methods_that_http_does_not_know_are_one() {
        for method in METHODS.iter().filter(|method| **method != "_OTHER") {
            assert_eq!(entry(method, "/", Version::HTTP_11).0, *method);
        }
        for method in ["PROPFIND", "get", "_OTHER", "QUERYX", "M-SEARCH"] {
            assert_eq!(entry(method, "/", Version::HTTP_11).0, "_OTHER");
        }
    }

    #[test]
    fn schemes_are_two_whatever_a_client_writes() {
        let cases = [("/", "http"), ("https://a/", "https"), ("http://a/", "http"), ("foo://a/", "http")];
        for (uri, scheme) in cases {
            assert_eq!(entry("GET", uri, Version::HTTP_2).1, scheme, "{uri}");
            assert_eq!(entry("GET", uri, Version::HTTP_11).1, "http", "{uri}");
        }
    }

    #[test]
    fn every_entry_has_a_place_of_its_own() {
        let places: Vec<_> = Entry::all().map(Entry::index).collect();
        assert_eq!(places, (0..METHODS.len() * SCHEMES.len()).collect::<Vec<_>>());
    }

    #[test]
    fn four_hundreds_are_no_errors_of_the_server() {
        let cases = [
            (Ending::new(200, Fault::Nothing), None),
            (Ending::new(404, Fault::Nothing), None),
            (Ending::new(503, Fault::Nothing), Some("503")),
            (Ending::new(200, Fault::Cancelled), Some("cancelled")),
            (Ending::new(500, Fault::Body), Some("body")),
            (Ending::new(0, Fault::Panic), Some("panic")),
        ];
        for (ending, error) in cases {
            assert_eq!(ending.error().map(|error| error.to_string()).as_deref(), error);
        }
        assert_eq!(Ending::new(0, Fault::Cancelled).status(), None);
    }
}
