//! Which fields of an answer are kept, and what a 304 changes in them: RFC 9111, sections 3.1 and 3.2.

use http::header::{
    AGE, CONNECTION, CONTENT_LENGTH, CONTENT_RANGE, ETAG, LAST_MODIFIED, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, SET_COOKIE, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, VARY,
};
use http::{HeaderMap, HeaderName};
use smallvec::SmallVec;

use super::conditional::{is_same_weakly, is_weak};
use super::directives::ResponseDirectives;
use super::syntax::members;
use crate::http::X_REQUEST_ID;
use crate::http::fields::{RATELIMIT, RATELIMIT_POLICY};

/// Fields of one connection, of one client or of one request. `Age` is counted, not kept.
const NEVER_KEPT: [HeaderName; 18] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    HeaderName::from_static("proxy-authentication-info"),
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    SET_COOKIE,
    HeaderName::from_static("set-cookie2"),
    X_REQUEST_ID,
    RATELIMIT,
    RATELIMIT_POLICY,
    HeaderName::from_static("ratelimit-limit"),
    HeaderName::from_static("ratelimit-remaining"),
    AGE,
];

/// The same in the names that others gave them.
const NEVER_KEPT_PREFIXES: [&str; 3] = ["ratelimit-", "x-ratelimit-", "x-rate-limit-"];

/// Takes out what is never kept of an answer: fields of the connection and those that it names, cookies, how a client stands in its limits,
/// ids of requests, and what the answer itself withholds from caches by `private="x"` and `no-cache="x"`. `Vary` stays, whoever names it:
/// without it the answer would be for everybody.
pub(crate) fn strip(headers: &mut HeaderMap, said: &ResponseDirectives) {
    for name in named_by_connection(headers).into_iter().filter(|name| *name != VARY) {
        headers.remove(name);
    }
    for name in &NEVER_KEPT {
        headers.remove(name);
    }
    let withheld = said.private.fields().iter().chain(said.no_cache.fields());
    for name in withheld.filter(|name| **name != VARY) {
        headers.remove(name);
    }
    let others: SmallVec<[HeaderName; 4]> =
        headers.keys().filter(|name| is_of_limits(name)).cloned().collect();
    for name in others {
        headers.remove(name);
    }
}

fn named_by_connection(headers: &HeaderMap) -> SmallVec<[HeaderName; 4]> {
    members(headers, CONNECTION).filter_map(|name| HeaderName::from_bytes(name).ok()).collect()
}

fn is_of_limits(name: &HeaderName) -> bool {
    NEVER_KEPT_PREFIXES.iter().any(|prefix| name.as_str().starts_with(prefix))
}

/// Whether a 304 is about this answer: by its strong entity tag, else by its weak one, else by the date of the last change, else because
/// it names nothing, and there is only one that it can be about.
pub(crate) fn is_about(stored: &HeaderMap, not_modified: &HeaderMap) -> bool {
    match (not_modified.get(ETAG), stored.get(ETAG)) {
        (Some(new), Some(own)) if is_weak(new.as_bytes()) => is_same_weakly(new.as_bytes(), own.as_bytes()),
        (Some(new), Some(own)) => new == own,
        (Some(_), None) => false,
        (None, _) => {
            let changed = not_modified.get(LAST_MODIFIED);
            changed.is_none_or(|changed| stored.get(LAST_MODIFIED).is_none_or(|own| own == changed))
        }
    }
}

/// Takes over what a 304 says, in the place of what was kept: all but what tells of the body, which has not changed. The 304 is
/// [`strip`]ped before.
pub(crate) fn update(stored: &mut HeaderMap, not_modified: &HeaderMap) {
    for name in not_modified.keys().filter(|name| !tells_of_the_body(name)) {
        stored.remove(name);
        for value in not_modified.get_all(name) {
            // More fields than a map can hold are left out.
            let _ = stored.try_append(name, value.clone());
        }
    }
}

fn tells_of_the_body(name: &HeaderName) -> bool {
    const CONTENT_MD5: HeaderName = HeaderName::from_static("content-md5");
    [CONTENT_LENGTH, CONTENT_RANGE, http::header::CONTENT_ENCODING, http::header::CONTENT_TYPE, CONTENT_MD5]
        .contains(name)
        // The tag that it carries is the one that was kept, or its weak form.
        || *name == ETAG
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn fields(lines: &[(&'static str, &str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        };
        lines.iter().map(line).collect()
    }

    #[test]
    fn fields_of_one_connection_client_or_request_are_taken_out() {
        let mut headers = fields(&[
            ("connection", "close, X-Hop"),
            ("connection", "x-other,,a b"),
            ("keep-alive", "timeout=5"),
            ("proxy-connection", "x"),
            ("proxy-authenticate", "x"),
            ("te", "trailers"),
            ("trailer", "x"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("x-hop", "1"),
            ("x-other", "1"),
            ("set-cookie", "a=b"),
            ("set-cookie", "c=d"),
            ("x-request-id", "1"),
            ("ratelimit", "1"),
            ("ratelimit-policy", "1"),
            ("ratelimit-reset", "1"),
            ("x-ratelimit-remaining", "1"),
            ("age", "5"),
            ("x-private", "1"),
            ("x-asked", "1"),
            ("cache-control", r#"max-age=5, private="x-private", no-cache=X-Asked"#),
            ("content-type", "text/plain"),
            ("x-kept", "1"),
            ("etag", "\"x\""),
        ]);
        let said = ResponseDirectives::of(&headers);
        strip(&mut headers, &said);
        let mut left: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        left.sort_unstable();
        assert_eq!(left, ["cache-control", "content-type", "etag", "x-kept"]);
    }

    #[test]
    fn a_304_is_about_the_answer_whose_validator_it_names() {
        let stored = fields(&[("etag", "\"a\""), ("last-modified", "Wed, 01 Jan 2020 00:00:00 GMT")]);
        for (name, value, expected) in [
            ("etag", "\"a\"", true),
            ("etag", "W/\"a\"", true),
            ("etag", "\"b\"", false),
            ("etag", "W/\"b\"", false),
            ("etag", "a", false),
            ("last-modified", "Wed, 01 Jan 2020 00:00:00 GMT", true),
            ("last-modified", "Thu, 02 Jan 2020 00:00:00 GMT", false),
            ("x-other", "1", true),
        ] {
            assert_eq!(is_about(&stored, &fields(&[(name, value)])), expected, "{name}: {value}");
        }
        let weak = fields(&[("etag", "W/\"a\"")]);
        assert!(!is_about(&weak, &fields(&[("etag", "\"a\"")])));
        assert!(is_about(&weak, &fields(&[("etag", "W/\"a\"")])));
        assert!(!is_about(&HeaderMap::new(), &fields(&[("etag", "\"a\"")])));
    }

    #[test]
    fn a_304_changes_all_but_what_tells_of_the_body() {
        let mut stored = fields(&[
            ("content-length", "36"),
            ("content-type", "text/plain"),
            ("etag", "\"a\""),
            ("x-a", "1"),
            ("x-a", "2"),
            ("x-kept", "1"),
            ("cache-control", "max-age=1"),
        ]);
        update(
            &mut stored,
            &fields(&[
                ("content-length", "10"),
                ("content-type", "text/html"),
                ("content-encoding", "gzip"),
                ("etag", "W/\"a\""),
                ("x-a", "3"),
                ("x-a", "4"),
                ("x-new", "1"),
                ("cache-control", "max-age=3600"),
            ]),
        );
        let expected = fields(&[
            ("content-length", "36"),
            ("content-type", "text/plain"),
            ("etag", "\"a\""),
            ("x-a", "3"),
            ("x-a", "4"),
            ("x-kept", "1"),
            ("x-new", "1"),
            ("cache-control", "max-age=3600"),
        ]);
        assert_eq!(stored, expected);
    }
}
