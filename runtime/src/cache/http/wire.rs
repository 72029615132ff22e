//! What an answer that is kept says to those who keep it further on: `ETag`, `Cache-Control`, `Vary`.

use std::fmt::Write as _;

use http::header::{CACHE_CONTROL, ETAG, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::cache::policy::{Cached, Freshness};
use crate::cache::rfc::conditional::etag_of;
use crate::cache::rfc::vary::Vary;

const NANOS: u64 = 1_000_000_000;

/// Adds what the function has not said itself.
pub(super) fn complete(headers: &mut HeaderMap, policy: &Cached, status: StatusCode, body: &[u8]) {
    if status == StatusCode::OK && !headers.contains_key(ETAG) {
        headers.insert(ETAG, etag_of(body));
    }
    if let Freshness::Ttl(nanos) = policy.freshness
        && !headers.contains_key(CACHE_CONTROL)
        && let Ok(value) = HeaderValue::try_from(control(policy, nanos))
    {
        headers.insert(CACHE_CONTROL, value);
    }
    vary(headers, policy.vary);
}

fn control(policy: &Cached, ttl: u64) -> String {
    let mut text = String::from(if policy.is_public { "public" } else { "private" });
    for (directive, nanos) in [
        ("max-age", ttl),
        ("stale-while-revalidate", policy.stale_while_revalidate),
        ("stale-if-error", policy.stale_if_error),
    ] {
        if nanos > 0 {
            let _ = write!(text, ", {directive}={}", nanos / NANOS);
        }
    }
    text
}

/// Every field that is part of the key is named, whatever of them this answer depends on.
fn vary(headers: &mut HeaderMap, declared: &[&'static str]) {
    let Vary::By(named) = Vary::of(headers) else { return };
    for name in declared {
        if !named.iter().any(|own| own == name) {
            headers.append(VARY, HeaderValue::from_static(name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completed(policy: &Cached, fields: &[(&'static str, &'static str)]) -> Vec<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_static(value));
        }
        complete(&mut headers, policy, StatusCode::OK, b"body");
        headers.remove(ETAG);
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    #[test]
    fn an_answer_says_for_how_long_and_for_whom_it_is_unless_it_said_so_itself() {
        let second = NANOS;
        let ttl = Cached::ttl(10 * second);
        assert_eq!(completed(&ttl, &[]), ["cache-control: private, max-age=10"]);
        assert_eq!(
            completed(&ttl.public().stale_while_revalidate(5 * second).stale_if_error(60 * second), &[]),
            ["cache-control: public, max-age=10, stale-while-revalidate=5, stale-if-error=60"]
        );
        let own = [("cache-control", "max-age=3")];
        assert_eq!(completed(&ttl, &own), ["cache-control: max-age=3"]);
        assert_eq!(completed(&Cached::from_response(), &own), ["cache-control: max-age=3"]);
    }

    #[test]
    fn fields_of_the_key_are_named_once() {
        let policy = Cached::from_response().vary(&["accept", "accept-language"]);
        assert_eq!(completed(&policy, &[("vary", "Accept")]), ["vary: Accept", "vary: accept-language"]);
    }
}
