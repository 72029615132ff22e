//! What answers say of their version: which one it is, and how long it is good for.

use axum::response::Response;
use http::header::{LINK, VARY};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use super::path::InPath;
use super::readers::API_VERSION;
use super::scheme::Scheme;
use crate::core::{Chosen, VersionInfo, VersionTable};
use crate::http::dates;

/// RFC 9745.
const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");
/// RFC 8594.
const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// The fields of all versions, written once.
#[derive(Debug)]
pub(super) struct Stamps {
    echo: HeaderName,
    /// The fields of a request that answers depend on.
    vary: Option<HeaderValue>,
    versions: Vec<Fields>,
}

#[derive(Debug)]
struct Fields {
    name: HeaderValue,
    deprecation: Option<HeaderValue>,
    sunset: Option<HeaderValue>,
    links: Vec<HeaderValue>,
}

impl Stamps {
    pub(super) fn new(
        table: &'static VersionTable,
        echo: Option<&HeaderName>,
        depends_on: &[HeaderName],
    ) -> Self {
        let vary = depends_on.iter().map(HeaderName::as_str).collect::<Vec<_>>().join(", ");
        Self {
            echo: echo.cloned().unwrap_or(API_VERSION),
            vary: HeaderValue::try_from(vary).ok().filter(|vary| !vary.is_empty()),
            versions: table.versions().iter().map(Fields::new).collect(),
        }
    }
}

impl Fields {
    fn new(version: &'static VersionInfo) -> Self {
        let date = |second: u64| i64::try_from(second).unwrap_or(i64::MAX);
        let link = |relation: &str| {
            let link = version.documentation()?;
            HeaderValue::try_from(format!("<{link}>; rel=\"{relation}\"; type=\"text/html\"")).ok()
        };
        let deprecation = version.deprecated_from();
        let sunset = version.sunset_at();
        let links = [deprecation.and_then(|_| link("deprecation")), sunset.and_then(|_| link("sunset"))];
        Self {
            name: HeaderValue::from_static(version.name()),
            deprecation: deprecation.and_then(|second| HeaderValue::try_from(format!("@{second}")).ok()),
            sunset: sunset.map(|second| dates::written(date(second))),
            links: links.into_iter().flatten().collect(),
        }
    }
}

/// What answers to one request say of its version.
#[derive(Debug, Default)]
pub(crate) struct Stamp {
    place: Option<usize>,
    /// Where the same thing is in the next version.
    successor: Option<Box<HeaderValue>>,
}

impl Stamp {
    #[inline]
    pub(super) fn new(scheme: &Scheme, parts: &Parts, chosen: Option<Chosen>) -> Self {
        let Some(chosen) = chosen else { return Self::default() };
        let has_successor = chosen.info().is_some_and(|version| version.deprecated_from().is_some());
        let successor = if has_successor { successor(scheme, parts, chosen) } else { None };
        Self { place: Some(chosen.place()), successor }
    }

    /// Writes it. What the handler wrote of these stays.
    #[inline]
    pub(crate) fn put(self, scheme: &Scheme, response: &mut Response) {
        let stamps = scheme.stamps();
        let headers = response.headers_mut();
        if let Some(vary) = &stamps.vary {
            depend(headers, vary);
        }
        let Some(fields) = self.place.and_then(|place| stamps.versions.get(place)) else { return };
        headers.insert(&stamps.echo, fields.name.clone());
        if fields.deprecation.is_some() || fields.sunset.is_some() {
            self.warn(fields, headers);
        }
    }

    #[cold]
    fn warn(self, fields: &Fields, headers: &mut HeaderMap) {
        for (name, value) in [(DEPRECATION, &fields.deprecation), (SUNSET, &fields.sunset)] {
            if let Some(value) = value {
                headers.entry(name).or_insert_with(|| value.clone());
            }
        }
        for link in fields.links.iter().cloned().chain(self.successor.map(|link| *link)) {
            headers.append(LINK, link);
        }
    }
}

/// Adds to `Vary` what is not there.
#[inline]
fn depend(headers: &mut HeaderMap, vary: &HeaderValue) {
    match headers.entry(VARY) {
        http::header::Entry::Vacant(vacant) => {
            vacant.insert(vary.clone());
        }
        http::header::Entry::Occupied(mut occupied) => {
            let has = |name: &str| {
                let tokens = occupied
                    .iter()
                    .filter_map(|value| value.to_str().ok())
                    .flat_map(|value| value.split(','));
                tokens.map(str::trim).any(|token| token == "*" || token.eq_ignore_ascii_case(name))
            };
            let missing = vary.to_str().unwrap_or_default().split(", ").filter(|name| !has(name));
            let missing = missing.collect::<Vec<_>>().join(", ");
            if let Some(missing) = HeaderValue::try_from(missing).ok().filter(|missing| !missing.is_empty()) {
                occupied.append(missing);
            }
        }
    }
}

/// A link to the same thing in the next version, where that has an address of its own (RFC 5829).
#[cold]
fn successor(scheme: &Scheme, parts: &Parts, chosen: Chosen) -> Option<Box<HeaderValue>> {
    let later = scheme.table().versions().iter().skip(chosen.place() + 1);
    let next = later.into_iter().find(|version| !version.is_preview())?.name();
    let target = match (parts.extensions.get::<InPath>(), scheme.query()) {
        (Some(InPath { front, behind, .. }), _) => format!("{front}/{next}{behind}"),
        (None, Some(parameter)) => in_query(&parts.uri, parameter, next)?,
        (None, None) => return None,
    };
    let is_plain = target.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"'));
    let link = HeaderValue::try_from(format!("<{target}>; rel=\"successor-version\"")).ok()?;
    is_plain.then(|| Box::new(link))
}

/// The same address with another version in its query.
fn in_query(uri: &Uri, parameter: &str, version: &str) -> Option<String> {
    let is_version = |pair: &&str| pair.split('=').next() == Some(parameter);
    let query = uri.query()?;
    query.split('&').find(is_version)?;
    let others = query.split('&').filter(|pair| !is_version(pair));
    let pairs: Vec<_> = others.map(str::to_owned).chain([format!("{parameter}={version}")]).collect();
    Some(format!("{}?{}", uri.path(), pairs.join("&")))
}
