//! Which requests a layer covers.
//!
//! A path that means the same to some server must not be a way around a limit. So it is read twice: as it stands, segment by segment, and
//! as servers read it that undo all escapes first and resolve dots. Either is enough to be covered. Slashes without anything between
//! them count as one.

use std::borrow::Cow;

use http::header::{ACCESS_CONTROL_REQUEST_METHOD, ORIGIN};
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

/// What lies at and below a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Prefix(Vec<Segment>);

/// One segment of a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// These bytes, without escapes.
    Bytes(Vec<u8>),
    /// Whatever a client writes there: `{tenant}`.
    Any,
}

impl Prefix {
    /// As a route is written; a wildcard at its end says what every prefix means.
    pub(super) fn new(written: &str) -> Self {
        let mut segments: Vec<_> = as_written(written).collect();
        if segments.last().is_some_and(|last| last.starts_with(b"{*") && last.ends_with(b"}")) {
            segments.pop();
        }
        let segment = |segment: Cow<'_, [u8]>| match &*segment {
            [b'{', .., b'}'] => Segment::Any,
            bytes => Segment::Bytes(bytes.to_vec()),
        };
        Self(segments.into_iter().map(segment).collect())
    }

    /// Whether a path lies at or below it.
    pub(super) fn covers(&self, path: &str) -> bool {
        self.begins(as_written(path)) || (can_be_read_otherwise(path) && self.begins_resolved(path))
    }

    fn begins<'a>(&self, mut path: impl Iterator<Item = Cow<'a, [u8]>>) -> bool {
        self.0.iter().all(|own| match (own, path.next()) {
            (_, None) => false,
            (Segment::Any, Some(_)) => true,
            (Segment::Bytes(own), Some(segment)) => *own == *segment,
        })
    }

    #[cold]
    fn begins_resolved(&self, path: &str) -> bool {
        let path = Cow::from(percent_decode_str(path));
        let mut segments = Vec::new();
        for segment in path.split(|byte| *byte == b'/') {
            match segment {
                b"" | b"." => {}
                b".." => {
                    segments.pop();
                }
                other => segments.push(Cow::Borrowed(other)),
            }
        }
        self.begins(segments.into_iter())
    }
}

/// The segments of a path that are not empty, without escapes.
fn as_written(path: &str) -> impl Iterator<Item = Cow<'_, [u8]>> {
    path.split('/').filter(|segment| !segment.is_empty()).map(|segment| percent_decode_str(segment).into())
}

/// Most paths have neither escapes nor dots.
fn can_be_read_otherwise(path: &str) -> bool {
    path.contains('%') || path.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// Whether a browser asks, on behalf of a page, whether it may send a request.
pub(super) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    *method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(prefix: &str, path: &str, is_covered: bool) {
        assert_eq!(Prefix::new(prefix).covers(path), is_covered, "{prefix} and {path}");
    }

    #[test]
    fn a_prefix_covers_itself_and_what_lies_below_in_whole_segments() {
        for path in ["/v1", "/v1/", "/v1/x", "/v1/x/y", "/v1/../v2"] {
            check("/v1", path, true);
        }
        for path in ["/", "/v10", "/v1x", "/v", "/v2/v1", "/V1", "*", "", "/v1;x", "/v1%20"] {
            check("/v1", path, false);
        }
        check("/v1/airports", "/v1/airports/CDG", true);
        check("/v1/airports", "/v1", false);
        check("/v1/airports", "/v1/users", false);
    }

    #[test]
    fn other_spellings_of_a_path_are_no_way_around() {
        let spellings = [
            "//v1/x",
            "/v1//x",
            "/%761/x",
            "/v%31/x",
            "/%76%31",
            "/./v1/x",
            "/x/../v1/y",
            "/x/%2e%2E/v1",
            "/../v1",
            "/v1%2Fx",
            "/x%2F..%2Fv1",
            "///%2e/v1",
        ];
        for path in spellings {
            check("/v1", path, true);
        }
    }

    #[test]
    fn prefixes_may_be_written_as_routes_are() {
        for prefix in ["/v1", "v1", "/v1/", "//v1", "/%76%31", "/v1/{*rest}"] {
            assert_eq!(Prefix::new(prefix), Prefix::new("/v1"), "{prefix}");
        }
        check("/{tenant}/v1", "/acme/v1/x", true);
        check("/{tenant}/v1", "/v1/x", false);
        check("/caf%C3%A9", "/caf%c3%a9/x", true);
        check("/café", "/caf%C3%A9", true);
    }

    #[test]
    fn a_prefix_without_segments_covers_everything() {
        for path in ["/", "/x", "*", ""] {
            check("/", path, true);
            check("", path, true);
        }
    }

    #[test]
    fn escapes_that_are_none_are_read_as_they_stand() {
        for path in ["/%", "/%v1", "/v1%", "/%zz", "/\u{7f}%2", "/%00"] {
            check("/v1", path, false);
        }
        check("/100%", "/100%/x", true);
    }
}
