//! What of a request is a version, reader by reader.

use std::borrow::Cow;

use http::header::{ACCEPT, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderName, HeaderValue};

use super::media_type::{accepted, version_of};
use super::readers::Own;
use crate::http::decoded;

/// Where a version was found, which decides on the answer where there is none such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Header,
    Path,
    Query,
    Accept,
    ContentType,
    Own,
}

/// A place where clients write versions, once its name is known to be one. That of paths is read by the layer around the router.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Header(HeaderName),
    Query(String),
    MediaType(String),
    Own(Own),
}

impl Place {
    /// Hands over every version that is written there, until somebody has had enough.
    #[inline]
    pub(super) fn each<E>(
        &self,
        parts: &Parts,
        mut found: impl FnMut(&str, Source) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            Self::Header(name) => {
                for value in parts.headers.get_all(name) {
                    found(text(value), Source::Header)?;
                }
                Ok(())
            }
            Self::Query(name) => in_query(parts.uri.query().unwrap_or_default(), name, found),
            Self::MediaType(base) => in_media_types(parts, base, found),
            Self::Own(read) => match read(parts) {
                Some(text) => found(&text, Source::Own),
                None => Ok(()),
            },
        }
    }
}

/// What is no text is no version either.
#[inline]
fn text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or("?")
}

#[cold]
fn in_query<E>(
    query: &str,
    name: &str,
    mut found: impl FnMut(&str, Source) -> Result<(), E>,
) -> Result<(), E> {
    for pair in query.split('&') {
        let (written, value) = pair.split_once('=').unwrap_or((pair, ""));
        if decoded(written).is_some_and(|written| written == name) {
            let value = decoded(value).unwrap_or(Cow::Borrowed("?"));
            found(&value, Source::Query)?;
        }
    }
    Ok(())
}

#[cold]
fn in_media_types<E>(
    parts: &Parts,
    base: &str,
    mut found: impl FnMut(&str, Source) -> Result<(), E>,
) -> Result<(), E> {
    for value in parts.headers.get_all(ACCEPT) {
        for version in accepted(text(value), base) {
            found(version, Source::Accept)?;
        }
    }
    match parts.headers.get(CONTENT_TYPE).and_then(|value| version_of(text(value), base)) {
        Some(weighed) => found(weighed.version, Source::ContentType),
        None => Ok(()),
    }
}
