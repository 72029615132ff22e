//! May an answer be kept, and for how long: RFC 9111, sections 3 and 4.2.
//!
//! Stricter than the standard in three places: without an explicit time nothing is kept (no heuristics), an answer that sets a cookie never is,
//! and `must-understand` does not overrule `no-store`.

use std::time::SystemTime;

#[cfg(test)]
use http::Method;
use http::header::{AGE, DATE, EXPIRES, SET_COOKIE};
#[cfg(test)]
use http::header::{AUTHORIZATION, RANGE};
use http::{HeaderMap, HeaderName, StatusCode};

#[cfg(test)]
use super::directives::RequestDirectives;
use super::directives::ResponseDirectives;
use super::syntax::{members, seconds};
use crate::cache::life::Terms;
use crate::http::dates::{self, unix};

const NANOS: u64 = 1_000_000_000;

/// Who may be given what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Readers {
    /// Anybody who asks the same, or anybody of whom nothing is known.
    Everybody,
    /// The one principal who asked: it is known, and part of the key.
    OnePrincipal,
}

/// What has to be remembered of a request to know whether its answer may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    is_kept: bool,
    is_authorized: bool,
}

impl Asked {
    /// Of a `GET` for a whole answer that may be kept.
    pub(crate) const fn by_get(is_authorized: bool) -> Self {
        Self { is_kept: true, is_authorized }
    }

    /// Of a request. An answer to a `HEAD` is none to a `GET`, and one to a range is a part.
    #[cfg(test)]
    pub(crate) fn of(method: &Method, headers: &HeaderMap, directives: &RequestDirectives) -> Self {
        Self {
            is_kept: *method == Method::GET && !directives.no_store && !headers.contains_key(RANGE),
            is_authorized: headers.contains_key(AUTHORIZATION),
        }
    }
}

/// Whether an answer may be kept, by its status and fields; whether that is of any use is what [`terms_of`] says, and what it varies by
/// [`vary`](super::vary).
pub(crate) fn is_storable(
    asked: Asked,
    status: StatusCode,
    headers: &HeaderMap,
    said: &ResponseDirectives,
    readers: Readers,
) -> bool {
    let is_shared = readers == Readers::Everybody;
    let is_known = is_understood(status);
    asked.is_kept
        && status.as_u16() >= 200
        && !matches!(status, StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED)
        && !is_of_one_client(status)
        && (is_known || !said.must_understand)
        && !said.no_store
        && !(is_shared && said.private.is_everything())
        && !(is_shared && asked.is_authorized && !is_for_all_who_are_authorized(said))
        && (!headers.contains_key(SET_COOKIE) || is_withheld(said, &SET_COOKIE))
}

/// What a client does too often, leaves out, or has to do first: RFC 6585 has no cache store these.
pub(crate) const fn is_of_one_client(status: StatusCode) -> bool {
    matches!(status.as_u16(), 428 | 429 | 431 | 511)
}

/// RFC 9111, section 3.5.
const fn is_for_all_who_are_authorized(said: &ResponseDirectives) -> bool {
    said.public || said.must_revalidate || said.s_maxage.is_some()
}

/// Whether a field is not for a cache, so that the rest of the answer is.
fn is_withheld(said: &ResponseDirectives, name: &HeaderName) -> bool {
    said.private.fields().contains(name) || said.no_cache.fields().contains(name)
}

/// The statuses of RFC 9110 of which a cache has to know nothing more than that.
fn is_understood(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 204 | 300..=303 | 307 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// Where a time of one's own takes the place of what an answer says, only these are kept: whole answers that are no errors.
pub(crate) const fn may_be_kept_by_ttl(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 204 | 300 | 301 | 308)
}

/// Where times come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Times {
    /// These, for the statuses of [`may_be_kept_by_ttl`].
    Own { fresh: u64, while_revalidating: u64, on_error: u64 },
    /// From the answer; where it says nothing of stale use, these. Nanoseconds.
    Response { while_revalidating: u64, on_error: u64 },
}

/// How long an answer that [`is_storable`] may be used; `None` where it is not to be kept. What must be asked about every time is kept
/// with no time at all, of use for those who can ask whether it still holds.
pub(crate) fn terms_of(
    status: StatusCode,
    headers: &HeaderMap,
    said: &ResponseDirectives,
    times: Times,
    now: SystemTime,
) -> Option<Terms> {
    let terms = match times {
        Times::Own { fresh, while_revalidating, on_error } => {
            if !may_be_kept_by_ttl(status) || said.no_cache.is_everything() {
                return None;
            }
            Terms { fresh, while_revalidating, on_error, ..Terms::default() }
        }
        Times::Response { while_revalidating, on_error } => {
            let (now, age) = (unix(now), age_said(headers));
            Terms {
                initial_age: age.max(apparent_age(headers, now)).saturating_mul(NANOS),
                fresh: lifetime(headers, said, now)?.saturating_mul(NANOS),
                while_revalidating: said.stale_while_revalidate.map_or(while_revalidating, nanos),
                on_error: said.stale_if_error.map_or(on_error, nanos),
                is_strict: false,
            }
        }
    };
    let is_strict = said.forbids_stale();
    let of_use = |nanos| if is_strict { 0 } else { nanos };
    Some(Terms {
        while_revalidating: of_use(terms.while_revalidating),
        on_error: of_use(terms.on_error),
        is_strict,
        ..terms
    })
}

const fn nanos(seconds: u64) -> u64 {
    seconds.saturating_mul(NANOS)
}

/// RFC 9111, section 4.2.1, for a cache that is shared. Seconds.
fn lifetime(headers: &HeaderMap, said: &ResponseDirectives, now: i64) -> Option<u64> {
    if said.no_cache.is_everything() {
        return Some(0);
    }
    said.s_maxage.or(said.max_age).or_else(|| until_expiry(headers, now))
}

/// `Expires` less `Date`. A date that is none is in the past; of several, the first counts.
fn until_expiry(headers: &HeaderMap, now: i64) -> Option<u64> {
    let expires = dates::parsed(headers.get(EXPIRES)?.as_bytes(), now);
    let date = date_of(headers, now).unwrap_or(now);
    Some(expires.and_then(|expires| u64::try_from(expires.saturating_sub(date)).ok()).unwrap_or(0))
}

fn date_of(headers: &HeaderMap, now: i64) -> Option<i64> {
    dates::parsed(headers.get(DATE)?.as_bytes(), now)
}

/// What caches further away say, in seconds. Of several, the first counts; what is no number is ignored.
pub(crate) fn age_said(headers: &HeaderMap) -> u64 {
    members(headers, AGE).next().and_then(seconds).unwrap_or(0)
}

/// RFC 9111, section 4.2.3, in seconds. A date tells whole seconds, so one more says nothing.
fn apparent_age(headers: &HeaderMap, now: i64) -> u64 {
    let since = date_of(headers, now).map_or(0, |date| now.saturating_sub(date));
    u64::try_from(since.saturating_sub(1)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::HeaderValue;

    use super::*;

    const SECOND: u64 = NANOS;
    const FROM_RESPONSE: Times = Times::Response { while_revalidating: 0, on_error: 0 };

    fn fields(lines: &[(&'static str, &str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        };
        lines.iter().map(line).collect()
    }

    /// `Mon, 23 Nov 2026 12:00:00 GMT` and a bit.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(1_795_435_200_700)
    }

    fn terms(lines: &[(&'static str, &str)]) -> Option<Terms> {
        let headers = fields(lines);
        terms_of(StatusCode::OK, &headers, &ResponseDirectives::of(&headers), FROM_RESPONSE, now())
    }

    fn fresh(lines: &[(&'static str, &str)]) -> Option<u64> {
        terms(lines).map(|terms| terms.fresh / SECOND)
    }

    fn kept(request: &[(&'static str, &str)], status: u16, response: &[(&'static str, &str)]) -> bool {
        kept_for(Readers::Everybody, &Method::GET, request, status, response)
    }

    fn kept_for(
        readers: Readers,
        method: &Method,
        request: &[(&'static str, &str)],
        status: u16,
        response: &[(&'static str, &str)],
    ) -> bool {
        let (request, response) = (fields(request), fields(response));
        let asked = Asked::of(method, &request, &RequestDirectives::of(&request));
        let status = StatusCode::from_u16(status).unwrap();
        is_storable(asked, status, &response, &ResponseDirectives::of(&response), readers)
    }

    #[test]
    fn no_store_and_private_are_obeyed() {
        let cc = |value| [("cache-control", value)];
        assert!(kept(&[], 200, &cc("max-age=60")));
        assert!(!kept(&[], 200, &cc("max-age=60, no-store")));
        assert!(!kept(&[], 200, &cc("max-age=60, private")));
        assert!(kept(&[], 200, &cc("max-age=60, private=x-user")));
        assert!(kept_for(Readers::OnePrincipal, &Method::GET, &[], 200, &cc("max-age=60, private")));
        assert!(!kept_for(Readers::OnePrincipal, &Method::GET, &[], 200, &cc("no-store")));
        assert!(!kept(&cc("no-store"), 200, &cc("max-age=60")));
        assert!(kept(&cc("no-cache"), 200, &cc("max-age=60")));
    }

    #[test]
    fn answers_to_those_who_are_authorized_are_for_them_unless_they_say_otherwise() {
        let request = [("authorization", "Bearer x")];
        for (value, expected) in [
            ("max-age=60", false),
            ("max-age=60, public", true),
            ("s-maxage=60", true),
            ("max-age=60, must-revalidate", true),
            ("max-age=60, proxy-revalidate", false),
        ] {
            assert_eq!(kept(&request, 200, &[("cache-control", value)]), expected, "{value}");
        }
        let one = Readers::OnePrincipal;
        assert!(kept_for(one, &Method::GET, &request, 200, &[("cache-control", "max-age=60")]));
    }

    #[test]
    fn cookies_are_never_kept() {
        let cookie = ("set-cookie", "a=b");
        for value in ["max-age=60", "max-age=60, public", "max-age=60, immutable"] {
            assert!(!kept(&[], 200, &[cookie, ("cache-control", value)]), "{value}");
        }
        assert!(kept(&[], 200, &[cookie, ("cache-control", r#"max-age=60, private="Set-Cookie""#)]));
    }

    #[test]
    fn methods_and_parts() {
        let response = [("cache-control", "max-age=60")];
        for method in ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PURGE"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert!(!kept_for(Readers::Everybody, &method, &[], 200, &response), "{method}");
        }
        assert!(!kept(&[("range", "bytes=0-1")], 200, &response));
        for (status, expected) in
            [(100, false), (103, false), (206, false), (304, false), (503, true), (599, true)]
        {
            assert_eq!(kept(&[], status, &response), expected, "{status}");
        }
        assert!(!kept(&[], 599, &[("cache-control", "max-age=60, must-understand")]));
        assert!(kept(&[], 200, &[("cache-control", "max-age=60, must-understand")]));
        assert!(!kept(&[], 200, &[("cache-control", "max-age=60, must-understand, no-store")]));
    }

    #[test]
    fn lifetimes_are_explicit_and_come_in_one_order() {
        let past = ("expires", "Mon, 23 Nov 2026 11:00:00 GMT");
        let future = ("expires", "Mon, 23 Nov 2026 13:00:00 GMT");
        let date = ("date", "Mon, 23 Nov 2026 12:00:00 GMT");
        assert_eq!(fresh(&[]), None);
        assert_eq!(fresh(&[("cache-control", "public")]), None);
        assert_eq!(fresh(&[("last-modified", "Mon, 23 Nov 2020 12:00:00 GMT")]), None);
        assert_eq!(fresh(&[future]), Some(3600));
        assert_eq!(fresh(&[future, ("date", "Mon, 23 Nov 2026 11:00:00 GMT")]), Some(7200));
        assert_eq!(fresh(&[past, date]), Some(0));
        assert_eq!(fresh(&[("expires", "0")]), Some(0));
        assert_eq!(fresh(&[past, future]), Some(0));
        assert_eq!(fresh(&[past, ("cache-control", "max-age=60")]), Some(60));
        assert_eq!(fresh(&[future, ("cache-control", "max-age=0")]), Some(0));
        assert_eq!(fresh(&[("cache-control", "max-age=60, s-maxage=5")]), Some(5));
        assert_eq!(fresh(&[("cache-control", "s-maxage=500, max-age=60")]), Some(500));
        assert_eq!(fresh(&[("cache-control", "max-age=60, no-cache")]), Some(0));
        assert_eq!(fresh(&[("cache-control", "no-cache=x-a, max-age=60")]), Some(60));
    }

    #[test]
    fn the_age_is_what_was_said_and_what_the_date_tells() {
        let initial = |lines: &[(&'static str, &str)]| {
            let mut lines = lines.to_vec();
            lines.push(("cache-control", "max-age=100"));
            terms(&lines).unwrap().initial_age / SECOND
        };
        for (value, expected) in [
            ("50", 50),
            ("abc", 0),
            ("-7200", 0),
            ("7200.0", 0),
            ("7200, 0", 7200),
            ("0, 7200", 0),
            ("50;x=1", 0),
            ("2147483649", 1 << 31),
        ] {
            assert_eq!(initial(&[("age", value)]), expected, "{value}");
        }
        assert_eq!(initial(&[("date", "Mon, 23 Nov 2026 11:00:00 GMT")]), 3599);
        assert_eq!(initial(&[("date", "Mon, 23 Nov 2026 11:59:59 GMT")]), 0);
        assert_eq!(initial(&[("date", "Mon, 23 Nov 2026 13:00:00 GMT")]), 0);
        assert_eq!(initial(&[("date", "Mon, 23 Nov 2026 11:59:40 GMT"), ("age", "5")]), 19);
    }

    #[test]
    fn stale_use_is_what_was_allowed_and_never_of_what_is_strict() {
        let stale = |value: &str| {
            let terms = terms(&[("cache-control", value)]).unwrap();
            (terms.while_revalidating / SECOND, terms.on_error / SECOND, terms.is_strict)
        };
        assert_eq!(stale("max-age=60, stale-while-revalidate=200, stale-if-error=30"), (200, 30, false));
        assert_eq!(stale("max-age=60, stale-while-revalidate=x"), (0, 0, false));
        for strict in ["must-revalidate", "proxy-revalidate", "s-maxage=60", "no-cache"] {
            let value = format!("max-age=60, stale-while-revalidate=200, stale-if-error=30, {strict}");
            assert_eq!(stale(&value), (0, 0, true), "{strict}");
        }
    }

    #[test]
    fn a_time_of_ones_own_is_for_whole_answers_that_are_no_errors() {
        let own = Times::Own { fresh: 7, while_revalidating: 8, on_error: 9 };
        let terms = |status: u16, value: &str| {
            let headers = fields(&[("cache-control", value), ("age", "50")]);
            let status = StatusCode::from_u16(status).unwrap();
            terms_of(status, &headers, &ResponseDirectives::of(&headers), own, now())
        };
        let expected = Terms { fresh: 7, while_revalidating: 8, on_error: 9, ..Terms::default() };
        for status in [200, 203, 204, 300, 301, 308] {
            assert_eq!(terms(status, "max-age=1"), Some(expected), "{status}");
        }
        for status in [201, 202, 206, 302, 303, 304, 307, 400, 404, 410, 500, 503] {
            assert_eq!(terms(status, "max-age=1"), None, "{status}");
        }
        assert_eq!(terms(200, "no-cache"), None);
        let strict = Terms { fresh: 7, is_strict: true, ..Terms::default() };
        assert_eq!(terms(200, "must-revalidate"), Some(strict));
    }
}
