//! Answers that repeat what no key holds: what one client wrote must not be what others read.
//!
//! Frameworks and proxies read some fields of a request that are in no cache's key, and pages are made with them: absolute links out of
//! `X-Forwarded-Host`, `Access-Control-Allow-Origin` out of `Origin`. An answer in which such a value stands is not kept. What an answer makes
//! of a value without repeating it cannot be seen; whoever does that names the field in `Vary`.

use http::header::{FORWARDED, HOST, ORIGIN, REFERER};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::syntax::contains_ignoring_case;

const HAZARDS: [HeaderName; 11] = [
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-forwarded-scheme"),
    HeaderName::from_static("x-forwarded-proto"),
    HeaderName::from_static("x-forwarded-prefix"),
    HeaderName::from_static("x-forwarded-server"),
    HeaderName::from_static("x-host"),
    HeaderName::from_static("x-original-url"),
    HeaderName::from_static("x-rewrite-url"),
    FORWARDED,
    ORIGIN,
    REFERER,
];

/// Shorter values stand in any answer.
const LEAST: usize = 4;

/// What a request says in fields that no key holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hazards {
    values: Vec<HeaderValue>,
    host: Option<HeaderValue>,
}

impl Hazards {
    /// Of a request. `keyed`: the lower-case names of those fields that are part of the key, beside the host.
    #[inline]
    pub(crate) fn of(request: &HeaderMap, keyed: &[&str]) -> Self {
        let mut values = Vec::new();
        for name in HAZARDS.iter().filter(|name| request.contains_key(*name)) {
            if !keyed.contains(&name.as_str()) {
                values.extend(request.get_all(name).iter().cloned());
            }
        }
        let host = if values.is_empty() { None } else { request.get(HOST).cloned() };
        Self { values, host }
    }

    /// Whether an answer repeats one of them.
    pub(crate) fn are_repeated(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        self.values.iter().flat_map(|value| parts(value.as_bytes())).any(|part| {
            !self.is_harmless(part)
                && (headers.values().any(|value| contains_ignoring_case(value.as_bytes(), part))
                    || contains_ignoring_case(body, part))
        })
    }

    /// Too short, a scheme, or the host that is part of the key.
    fn is_harmless(&self, part: &[u8]) -> bool {
        let is = |text: &[u8]| part.eq_ignore_ascii_case(text);
        let host = self.host.as_ref().map(HeaderValue::as_bytes);
        part.len() < LEAST
            || is(b"http")
            || is(b"https")
            || is(b"null")
            || host.is_some_and(|host| {
                without_scheme(part).eq_ignore_ascii_case(host) || part.eq_ignore_ascii_case(host_of(host))
            })
    }
}

/// `https://host/` as `host`.
fn without_scheme(value: &[u8]) -> &[u8] {
    let place = value.windows(3).position(|window| window == b"://");
    let rest = place.map_or(value, |place| &value[place + 3..]);
    rest.strip_suffix(b"/").unwrap_or(rest)
}

/// A value, what a list or `Forwarded` holds of it, and that without its scheme.
fn parts(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    let inner = value.split(|byte| matches!(byte, b',' | b';')).map(|part| {
        let part = part.trim_ascii();
        let begins_with_name =
            part.iter().position(|byte| *byte == b'=').filter(|place| is_name(&part[..*place]));
        let part = begins_with_name.map_or(part, |place| &part[place + 1..]);
        let part = part.strip_prefix(b"\"").unwrap_or(part);
        part.strip_suffix(b"\"").unwrap_or(part)
    });
    [value].into_iter().chain(inner).flat_map(|part| [part, without_scheme(part), host_of(part)])
}

/// `https://me@host:80/path` as `host`: what is made of a URL or an authority is often its host alone. Empty for what has none.
fn host_of(value: &[u8]) -> &[u8] {
    let rest = without_scheme(value);
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let authority = &rest[..end];
    let begin = authority.iter().rposition(|byte| *byte == b'@').map_or(0, |place| place + 1);
    let host = &authority[begin..];
    if host.starts_with(b"[") {
        return host.iter().position(|byte| *byte == b']').map_or(host, |place| &host[..=place]);
    }
    host.iter().position(|byte| *byte == b':').map_or(host, |place| &host[..place])
}

fn is_name(text: &[u8]) -> bool {
    ["for", "by", "host", "proto"].iter().any(|name| text.eq_ignore_ascii_case(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(lines: &[(&'static str, &str)]) -> HeaderMap {
        let line = |(name, value): &(&'static str, &str)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        };
        lines.iter().map(line).collect()
    }

    fn repeats(request: &[(&'static str, &str)], response: &[(&'static str, &str)], body: &str) -> bool {
        Hazards::of(&fields(request), &[]).are_repeated(&fields(response), body.as_bytes())
    }

    #[test]
    fn what_a_client_wrote_and_an_answer_repeats_is_seen() {
        for name in HAZARDS {
            let request = fields(&[("host", "own.test")]);
            let mut request = request.clone();
            request.insert(name.clone(), HeaderValue::from_static("evil.test"));
            let hazards = Hazards::of(&request, &[]);
            assert!(hazards.are_repeated(&HeaderMap::new(), b"<a href=//EVIL.test/>"), "{name}");
            assert!(hazards.are_repeated(&fields(&[("location", "https://evil.test/x")]), b""), "{name}");
            assert!(!hazards.are_repeated(&fields(&[("location", "https://own.test/x")]), b"evil"), "{name}");
            assert!(!Hazards::of(&request, &[name.as_str()]).are_repeated(&HeaderMap::new(), b"evil.test"));
        }
    }

    #[test]
    fn lists_parameters_and_schemes_are_looked_into() {
        for (name, value) in [
            ("x-forwarded-host", "own.test, evil.test"),
            ("forwarded", "for=1.2.3.4;host=evil.test;proto=https"),
            ("forwarded", "for=1.2.3.4, host=\"evil.test\""),
            ("origin", "https://evil.test"),
            ("referer", "https://evil.test/"),
        ] {
            assert!(repeats(&[(name, value)], &[], "https://x/?u=evil.test"), "{name}: {value}");
        }
        let lines = [("x-forwarded-host", "good.test"), ("x-forwarded-host", "evil.test")];
        assert!(repeats(&lines, &[], "evil.test"));
    }

    #[test]
    fn short_values_schemes_and_the_keyed_host_do_not_count() {
        for (name, value, body) in [
            ("x-forwarded-proto", "https", "https://own.test/"),
            ("x-forwarded-prefix", "/v1", "/v1/x"),
            ("x-forwarded-host", "own.test", "https://own.test/"),
            ("x-forwarded-host", "OWN.test", "https://own.test/"),
            ("origin", "https://own.test", "https://own.test/"),
            ("origin", "null", "{\"x\":null}"),
            ("referer", "https://own.test/", "https://own.test/"),
            ("user-agent", "evil.test", "evil.test"),
        ] {
            assert!(!repeats(&[("host", "own.test"), (name, value)], &[], body), "{name}: {value}");
        }
        assert!(repeats(
            &[("host", "own.test"), ("referer", "https://own.test/evil")],
            &[],
            "https://own.test/evil"
        ));
    }
}
