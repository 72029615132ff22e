//! What is known of the request that an error answers.

use std::borrow::Cow;
use std::time::SystemTime;

use axum::extract::OriginalUri;
use http::Extensions;
use http::Uri;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::error_style::DEFAULT_TYPES;
use super::request_id::RequestId;
use crate::core::TraceId;

/// What is known of the request that an error answers.
#[derive(Clone, Debug, Default)]
pub struct Occurrence<'a> {
    instance: Option<Cow<'a, str>>,
    request_id: Option<&'a RequestId>,
    trace_id: Option<TraceId>,
    time: Option<SystemTime>,
    /// Where the service explains its problems.
    types: Option<&'a str>,
}

impl<'a> Occurrence<'a> {
    /// A request of which nothing is known.
    pub(crate) const UNKNOWN: Self =
        Self { instance: None, request_id: None, trace_id: None, time: None, types: None };

    /// At that time.
    pub(crate) const fn at(time: SystemTime) -> Self {
        Self { time: Some(time), ..Self::UNKNOWN }
    }

    /// Of a request.
    pub(crate) fn of(
        path: &'a str,
        request_id: &'a RequestId,
        trace_id: Option<TraceId>,
        time: SystemTime,
    ) -> Self {
        let instance = Some(reference(path));
        Self { instance, request_id: Some(request_id), trace_id, time: Some(time), types: None }
    }

    /// The same in a service that explains its problems there.
    pub(super) fn explained_at(&'a self, types: &'a str) -> Self {
        Self { instance: self.instance().map(Cow::Borrowed), types: Some(types), ..*self }
    }

    /// Where the service explains its problems.
    pub(super) fn types(&self) -> &str {
        self.types.unwrap_or(DEFAULT_TYPES)
    }

    /// The path of the request, as a URI reference: without the query, which may hold what is nobody's business.
    #[must_use]
    pub fn instance(&self) -> Option<&str> {
        self.instance.as_deref()
    }

    /// The id of the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.map(RequestId::as_str)
    }

    /// The trace that the request belongs to.
    #[must_use]
    pub const fn trace_id(&self) -> Option<TraceId> {
        self.trace_id
    }

    /// When it was answered.
    #[must_use]
    pub const fn time(&self) -> Option<SystemTime> {
        self.time
    }
}

/// The path that the client asked for, also within a nested router.
pub(crate) fn asked_path<'a>(extensions: &'a Extensions, uri: &'a Uri) -> &'a str {
    extensions.get::<OriginalUri>().map_or(uri, |original| &original.0).path()
}

/// What may not stand in the path of a URI, and yet gets through the parsers of requests.
const FOREIGN: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A path as a URI reference. One that begins with two slashes would name another host.
fn reference(path: &str) -> Cow<'_, str> {
    let whole = whole_escapes(path);
    let encoded = match Cow::from(utf8_percent_encode(&whole, FOREIGN)) {
        Cow::Owned(encoded) => Cow::Owned(encoded),
        Cow::Borrowed(_) => whole,
    };
    if encoded.starts_with("//") { Cow::Owned(format!("/.{encoded}")) } else { encoded }
}

/// A path in which `%` begins an escape wherever it stands: one alone is written `%25`.
fn whole_escapes(path: &str) -> Cow<'_, str> {
    let is_escape =
        |rest: &str| rest.as_bytes().get(..2).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
    if path.split('%').skip(1).all(is_escape) {
        return Cow::Borrowed(path);
    }
    let mut parts = path.split('%');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        whole.push_str(if is_escape(rest) { "%" } else { "%25" });
        whole.push_str(rest);
    }
    Cow::Owned(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference_to_itself_and_to_no_other_host() {
        for (path, instance) in [
            ("/airports/CDG", "/airports/CDG"),
            ("//evil.example/x", "/.//evil.example/x"),
            ("/a%20b", "/a%20b"),
            ("/<b>\"{x}", "/%3Cb%3E%22%7Bx%7D"),
            ("/é", "/%C3%A9"),
            ("/50%", "/50%25"),
            ("/%%2%zz%41%é", "/%25%252%25zz%41%25%C3%A9"),
            ("/a[b]", "/a%5Bb%5D"),
        ] {
            assert_eq!(reference(path), instance);
        }
    }
}
