//! The version in front of a path: `/v2/airports`, or behind a prefix `/api/v2/airports`.

use http::Uri;
use http::uri::PathAndQuery;

use crate::core::Chosen;

/// What was taken off the path of a request. It travels in the request's extensions.
#[derive(Clone, Debug)]
pub(crate) struct InPath {
    pub(crate) chosen: Chosen,
    /// The path as it came, without its version: what stood in front of it, and what behind.
    pub(crate) front: Box<str>,
    pub(crate) behind: Box<str>,
}

/// A path without its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TakenOff<'a> {
    pub(crate) version: &'a str,
    pub(crate) front: &'a str,
    /// With its query.
    pub(crate) behind: &'a str,
}

/// The part of the path behind the prefix, where it looks like a version; another one is not guessed at.
pub(crate) fn taken_off<'a>(uri: &'a Uri, prefix: &str) -> Option<TakenOff<'a>> {
    let text = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let (front, rest) = text.split_at_checked(prefix.len())?;
    if front != prefix {
        return None;
    }
    let rest = rest.strip_prefix('/')?;
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (version, behind) = rest.split_at(end);
    let number = version.strip_prefix(['v', 'V'])?;
    number.starts_with(|c: char| c.is_ascii_digit()).then_some(TakenOff { version, front, behind })
}

impl TakenOff<'_> {
    /// The same request without its version.
    pub(crate) fn uri(&self, uri: &Uri) -> Option<Uri> {
        let slash = if self.behind.starts_with('/') { "" } else { "/" };
        let text = match (self.front, self.behind) {
            (front, "") if !front.is_empty() => front.to_owned(),
            (front, query) if !front.is_empty() && query.starts_with('?') => format!("{front}{query}"),
            (front, behind) => format!("{front}{slash}{behind}"),
        };
        let mut parts = uri.clone().into_parts();
        parts.path_and_query = Some(PathAndQuery::try_from(text).ok()?);
        Uri::from_parts(parts).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_taken_off_and_all_else_stays() {
        for (prefix, uri, version, left) in [
            ("", "/v2/airports/CDG?x=%20y", "v2", "/airports/CDG?x=%20y"),
            ("", "/v2", "v2", "/"),
            ("", "/v2/", "v2", "/"),
            ("", "/v2?x=1", "v2", "/?x=1"),
            ("", "/V2-preview//x", "V2-preview", "//x"),
            ("/api", "/api/v1/airports", "v1", "/api/airports"),
            ("/api", "/api/v1", "v1", "/api"),
            ("/api", "/api/v1?x", "v1", "/api?x"),
            ("", "/v1/%2Fa%00", "v1", "/%2Fa%00"),
            ("", "http://host/v2/a", "v2", "/a"),
        ] {
            let uri: Uri = uri.parse().unwrap();
            let taken = taken_off(&uri, prefix).unwrap();
            assert_eq!(taken.version, version, "{uri}");
            let shorter = taken.uri(&uri).unwrap();
            assert_eq!(shorter.path_and_query().unwrap().as_str(), left, "{uri}");
            assert_eq!(shorter.host(), uri.host());
        }
    }

    #[test]
    fn what_does_not_look_like_a_version_is_none() {
        for (prefix, uri) in [
            ("", "/airports/v2"),
            ("", "/vienna"),
            ("", "/2/airports"),
            ("", "/"),
            ("", "/version"),
            ("", "//v2"),
            ("/api", "/v2/airports"),
            ("/api", "/apis/v2"),
            ("/api", "/ap"),
            ("", "*"),
        ] {
            assert_eq!(taken_off(&uri.parse().unwrap(), prefix), None, "{uri}");
        }
    }
}
