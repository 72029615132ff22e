//! `Cache-Status`: RFC 9211.

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::core::Text;

/// `Cache-Status` (RFC 9211).
pub(crate) const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// What gates call themselves.
pub(crate) const NAME: &str = "tollgate";

/// Why a request went on to whoever answers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forward {
    /// It is not one for this cache.
    Bypass,
    /// By its method.
    Method,
    /// Nothing was kept for its target.
    UriMiss,
    /// What was kept for its target was for other requests.
    VaryMiss,
    /// Nothing was kept, and which of the two it was is not known.
    Miss,
    /// The request wanted it.
    Request,
    /// What was kept is stale.
    Stale,
}

impl Forward {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Bypass => "bypass",
            Self::Method => "method",
            Self::UriMiss => "uri-miss",
            Self::VaryMiss => "vary-miss",
            Self::Miss => "miss",
            Self::Request => "request",
            Self::Stale => "stale",
        }
    }
}

/// What a cache did with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CacheStatus {
    /// It answered, with something that stays fresh for so many seconds, or is stale for so many.
    Hit { ttl: i64 },
    /// It asked.
    Forwarded {
        why: Forward,
        /// What came, where that is not what was sent.
        status: Option<u16>,
        /// Whether the answer was kept.
        stored: bool,
        /// Whether it was made for somebody else.
        collapsed: bool,
    },
}

impl CacheStatus {
    /// It asked, and the answer was not kept.
    pub(crate) const fn forwarded(why: Forward) -> Self {
        Self::Forwarded { why, status: None, stored: false, collapsed: false }
    }

    /// The member of the list: `name` is a token or a quoted string.
    pub(crate) fn member(self, name: &str) -> HeaderValue {
        let mut text = Text::<MOST>::new();
        text.push_str(name);
        match self {
            Self::Hit { ttl } => {
                text.push_str(if ttl < 0 { "; hit; ttl=-" } else { "; hit; ttl=" });
                text.push_number(ttl.unsigned_abs());
            }
            Self::Forwarded { why, status, stored, collapsed } => {
                text.push_str("; fwd=");
                text.push_str(why.as_str());
                if let Some(status) = status {
                    text.push_str("; fwd-status=");
                    text.push_number(u64::from(status));
                }
                text.push_str(if stored { "; stored" } else { "" });
                text.push_str(if collapsed { "; collapsed" } else { "" });
            }
        }
        HeaderValue::from_bytes(text.as_bytes()).unwrap_or_else(|_| HeaderValue::from_static(NAME))
    }

    /// Appends it to what caches nearer to the origin have said.
    pub(crate) fn append_to(self, headers: &mut HeaderMap, name: &str) {
        headers.append(CACHE_STATUS, self.member(name));
    }
}

/// Room for the longest of all, behind a name of [`MOST_OF_A_NAME`] bytes.
const MOST: usize = MOST_OF_A_NAME + 64;

/// How long a name may be, with its quotes and escapes.
pub(crate) const MOST_OF_A_NAME: usize = 64;

/// A name as a member of a list begins with it: a token as it is, anything else as a quoted string. What no string can hold becomes `?`.
pub(crate) fn name_of(text: &str) -> String {
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '*';
    let is_in_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~:/".contains(c);
    if text.len() <= MOST_OF_A_NAME && text.starts_with(is_first) && text.chars().all(is_in_token) {
        return text.to_owned();
    }
    let mut name = String::from('"');
    for c in text.chars().map(|c| if matches!(c, ' '..='~') { c } else { '?' }) {
        let escape = if matches!(c, '"' | '\\') { "\\" } else { "" };
        if name.len() + escape.len() + 2 > MOST_OF_A_NAME {
            break;
        }
        name.push_str(escape);
        name.push(c);
    }
    name.push('"');
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_read_as_the_standard_has_them() {
        for (status, expected) in [
            (CacheStatus::Hit { ttl: 376 }, "ExampleCache; hit; ttl=376"),
            (CacheStatus::Hit { ttl: -412 }, "ExampleCache; hit; ttl=-412"),
            (CacheStatus::forwarded(Forward::Bypass), "ExampleCache; fwd=bypass"),
            (
                CacheStatus::Forwarded {
                    why: Forward::UriMiss,
                    status: None,
                    stored: true,
                    collapsed: false,
                },
                "ExampleCache; fwd=uri-miss; stored",
            ),
            (
                CacheStatus::Forwarded {
                    why: Forward::UriMiss,
                    status: None,
                    stored: false,
                    collapsed: true,
                },
                "ExampleCache; fwd=uri-miss; collapsed",
            ),
            (
                CacheStatus::Forwarded {
                    why: Forward::Stale,
                    status: Some(304),
                    stored: false,
                    collapsed: false,
                },
                "ExampleCache; fwd=stale; fwd-status=304",
            ),
        ] {
            assert_eq!(status.member("ExampleCache").to_str().unwrap(), expected);
        }
    }

    #[test]
    fn the_longest_fits() {
        let name = name_of(&"\"".repeat(500));
        assert!(name.len() <= MOST_OF_A_NAME, "{name}");
        let longest = CacheStatus::Forwarded {
            why: Forward::VaryMiss,
            status: Some(u16::MAX),
            stored: true,
            collapsed: true,
        };
        assert!(longest.member(&name).to_str().unwrap().ends_with("; stored; collapsed"));
        let ttl = CacheStatus::Hit { ttl: i64::MIN };
        assert!(ttl.member(&name).to_str().unwrap().ends_with("ttl=-9223372036854775808"));
    }

    #[test]
    fn others_stay_in_front() {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_STATUS, HeaderValue::from_static("inner; hit; ttl=1"));
        CacheStatus::Hit { ttl: 5 }.append_to(&mut headers, NAME);
        let lines: Vec<_> = headers.get_all(CACHE_STATUS).iter().collect();
        assert_eq!(lines, ["inner; hit; ttl=1", "tollgate; hit; ttl=5"]);
    }

    #[test]
    fn names_are_tokens_or_strings() {
        for (text, expected) in [
            ("edge", "edge"),
            ("edge/1", "edge/1"),
            ("my edge", "\"my edge\""),
            ("1st", "\"1st\""),
            ("", "\"\""),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("caf\u{e9}\r\n", "\"caf???\""),
        ] {
            assert_eq!(name_of(text), expected);
        }
    }
}
