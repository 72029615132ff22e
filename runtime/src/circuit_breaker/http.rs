//! What a handler's answer says of what is behind the handler.

use std::time::Duration;

use axum::response::Response;
use http::HeaderMap;
use http::header::RETRY_AFTER;

use super::policy::{CircuitBreaker, Judge};
use crate::core::{Clock, Verdict};
use crate::http::dates::{parsed, unix};

/// What an answer says: by the rule of the attribute, or else what is 500 or higher is a failure.
#[inline]
pub(crate) fn judged(policy: Option<&CircuitBreaker>, response: &mut Response) -> Verdict {
    match policy.and_then(|policy| policy.judge) {
        Some(judge) => judged_by(judge, response),
        None if response.status().is_server_error() => Verdict::Failure,
        None => Verdict::Success,
    }
}

/// A rule sees the head, which is taken out for as long as it looks.
fn judged_by(judge: Judge, response: &mut Response) -> Verdict {
    let (head, body) = std::mem::take(response).into_parts();
    let verdict = judge(&head);
    *response = Response::from_parts(head, body);
    verdict
}

/// For how long an answer asks to be left alone: `Retry-After` in seconds, or a date (RFC 9110, section 10.2.3). What is neither, or has
/// passed, asks for nothing.
#[cold]
pub(crate) fn alone_for(headers: &HeaderMap, clock: &dyn Clock) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.as_bytes().trim_ascii();
    let seconds = if !value.is_empty() && value.iter().all(u8::is_ascii_digit) {
        // More digits than a number has are a very long time.
        std::str::from_utf8(value).ok()?.parse().unwrap_or(u64::MAX)
    } else {
        let now = unix(clock.wall());
        u64::try_from(parsed(value, now)?.saturating_sub(now)).ok()?
    };
    (seconds > 0).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;
    use http::{HeaderValue, StatusCode};

    use super::*;
    use crate::testing::ManualClock;

    #[test]
    fn from_500_on_it_is_a_failure() {
        for (status, expected) in [
            (200, Verdict::Success),
            (404, Verdict::Success),
            (429, Verdict::Success),
            (500, Verdict::Failure),
            (503, Verdict::Failure),
            (599, Verdict::Failure),
        ] {
            let mut response = StatusCode::from_u16(status).unwrap().into_response();
            let verdict = judged(Some(&CircuitBreaker::new()), &mut response);
            assert_eq!((verdict, response.status().as_u16()), (expected, status));
        }
    }

    #[test]
    fn what_the_attribute_names_says_what_it_is() {
        const POLICY: CircuitBreaker = CircuitBreaker::new().judged_by(|head| match head.status.as_u16() {
            404 => Verdict::Failure,
            500 => Verdict::Excluded,
            _ => Verdict::Success,
        });
        for (status, expected) in [(404, Verdict::Failure), (500, Verdict::Excluded), (503, Verdict::Success)]
        {
            let mut response = StatusCode::from_u16(status).unwrap().into_response();
            assert_eq!(judged(Some(&POLICY), &mut response), expected);
            assert_eq!(response.status().as_u16(), status, "it is whole again");
        }
    }

    #[test]
    fn an_answer_asks_in_seconds_or_by_a_date() {
        // 2026-01-01T00:00:00Z
        let clock = ManualClock::new();
        for (value, expected) in [
            ("7", Some(7)),
            (" 7 ", Some(7)),
            ("0", None),
            ("-7", None),
            ("7.5", None),
            ("", None),
            ("soon", None),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Thu, 01 Jan 2026 00:01:00 GMT", Some(60)),
            ("Thursday, 01-Jan-26 00:00:02 GMT", Some(2)),
            ("Wed, 31 Dec 2025 23:59:59 GMT", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(value))]);
            assert_eq!(alone_for(&headers, &clock), expected.map(Duration::from_secs), "{value}");
        }
        assert_eq!(alone_for(&HeaderMap::new(), &clock), None);
    }
}
