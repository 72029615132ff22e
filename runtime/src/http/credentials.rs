//! Credentials in the head of a request, and secrets that are compared without telling how far they agreed.

use std::hash::{BuildHasher, Hasher, RandomState};

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName};
use siphasher::sip128::{Hasher128, SipHasher13};
use subtle::ConstantTimeEq;

/// What a request presents where its credentials belong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presented<T> {
    /// Nothing of ours.
    Nothing,
    /// Something that nobody can make sense of, or two at once.
    Malformed,
    /// This.
    Value(T),
}

/// The token of `Authorization: Bearer ..` (RFC 6750, section 2.1). Tokens in a query or a body are not looked for.
pub(crate) fn bearer(headers: &HeaderMap) -> Presented<&[u8]> {
    let presented = only(headers, &AUTHORIZATION);
    let Presented::Value(value) = presented else { return presented };
    let (scheme, token) = value.split_at(value.iter().position(|byte| *byte == b' ').unwrap_or(value.len()));
    match (scheme.eq_ignore_ascii_case(b"bearer"), token.trim_ascii()) {
        (false, _) => Presented::Nothing,
        (true, token) if is_token68(token) => Presented::Value(token),
        (true, _) => Presented::Malformed,
    }
}

/// The value of a header field that may stand there once.
pub(crate) fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Presented<&'a [u8]> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Presented::Nothing,
        (Some(value), None) => Presented::Value(value.as_bytes()),
        (Some(_), Some(_)) => Presented::Malformed,
    }
}

/// The characters that RFC 9110, section 11.2, allows in a token; the padding is not looked at any closer.
pub(crate) fn is_token68(token: &[u8]) -> bool {
    let is_allowed = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
    };
    !token.is_empty() && token.iter().all(is_allowed)
}

/// Turns secrets into digests of one length under a key of this process. Who compares digests tells neither how long a
/// secret is nor how much of it was guessed.
pub(crate) struct Digester {
    key: (u64, u64),
}

/// A secret, as it is kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest([u8; 16]);

impl Digester {
    /// With a key of its own.
    pub(crate) fn new() -> Self {
        Self { key: (RandomState::new().hash_one(2_u8), RandomState::new().hash_one(3_u8)) }
    }

    /// The digest of a secret.
    pub(crate) fn digest(&self, secret: &[u8]) -> Digest {
        let mut hasher = SipHasher13::new_with_keys(self.key.0, self.key.1);
        hasher.write(secret);
        Digest(hasher.finish128().as_bytes())
    }
}

impl Digest {
    /// Whether they are equal, in a time that does not depend on where they differ.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(values: &[&'static [u8]]) -> HeaderMap {
        let value = |value: &&'static [u8]| (AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in values.iter().map(value) {
            headers.append(name, value);
        }
        headers
    }

    #[test]
    fn a_bearer_token_is_read_whatever_the_case_of_its_scheme() {
        for scheme in ["Bearer a.b-c", "bearer a.b-c", "BEARER   a.b-c", "bEaReR a.b-c  "] {
            assert_eq!(bearer(&headers(&[scheme.as_bytes()])), Presented::Value(&b"a.b-c"[..]), "{scheme}");
        }
    }

    #[test]
    fn another_scheme_or_none_is_nothing_of_ours() {
        assert_eq!(bearer(&headers(&[])), Presented::Nothing);
        for value in [&b"Basic YTpi"[..], b"Bearera.b", b"Token a.b", b"", b"a.b", b"\xff\xfe"] {
            assert_eq!(bearer(&headers(&[value])), Presented::Nothing, "{value:?}");
        }
    }

    #[test]
    fn a_bearer_without_a_token_with_two_or_with_junk_is_malformed() {
        for value in
            [&b"Bearer"[..], b"Bearer ", b"Bearer a b", b"Bearer \"a\"", b"Bearer a,b", b"Bearer \xc3\xa4"]
        {
            assert_eq!(bearer(&headers(&[value])), Presented::Malformed, "{value:?}");
        }
        assert_eq!(bearer(&headers(&[b"Bearer a", b"Bearer a"])), Presented::Malformed);
        assert_eq!(bearer(&headers(&[b"Basic YTpi", b"Bearer a"])), Presented::Malformed);
    }

    #[test]
    fn digests_agree_for_equal_secrets_alone_and_differ_between_processes() {
        let digester = Digester::new();
        assert!(digester.digest(b"secret").is(&digester.digest(b"secret")));
        for other in [&b""[..], b"secre", b"secret ", b"Secret"] {
            assert!(!digester.digest(b"secret").is(&digester.digest(other)));
        }
        assert!(!digester.digest(b"secret").is(&Digester::new().digest(b"secret")));
    }
}
