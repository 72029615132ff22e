//! The id of a request: what joins an answer, its log lines and a question to support.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use http::{Extensions, HeaderMap, HeaderValue};

use super::fields::X_REQUEST_ID;

/// The id of a request: what its `x-request-id` says, if that is one line of 1 to 64 visible ASCII characters, and else one
/// that was made here, of 32 hexadecimal digits.
///
/// Behind an [`ErrorLayer`](crate::ErrorLayer) it is the same for everybody who asks, it is echoed in every answer, and problems
/// bear it as `request_id`. It is an extractor:
///
/// ```
/// use tollgate::RequestId;
///
/// async fn order(id: RequestId) -> String {
///     format!("ordered by request {id}")
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The longest that is believed, in bytes.
    const LONGEST: usize = 64;

    /// That of a request: as it was told before, as the client sent it, or a new one.
    pub(crate) fn of(extensions: &Extensions, headers: &HeaderMap) -> Self {
        extensions
            .get::<Told>()
            .map(|told| told.id.clone())
            .or_else(|| Self::sent(headers))
            .unwrap_or_else(Self::made)
    }

    /// What a field says, if it is usable. Of two lines nobody knows which one is meant.
    pub(crate) fn sent(headers: &HeaderMap) -> Option<Self> {
        let mut lines = headers.get_all(X_REQUEST_ID).iter();
        let (Some(line), None) = (lines.next(), lines.next()) else { return None };
        let is_usable =
            (1..=Self::LONGEST).contains(&line.len()) && line.as_bytes().iter().all(u8::is_ascii_graphic);
        is_usable.then(|| Self(line.clone()))
    }

    /// A new one: half of it tells processes apart, and half the requests of one. Both are under a secret of the process, so they tell
    /// nobody how many there were.
    fn made() -> Self {
        static PROCESS: LazyLock<(RandomState, [u8; 16])> = LazyLock::new(|| {
            let secret = RandomState::new();
            let own = digits(secret.hash_one("process"));
            (secret, own)
        });
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let (secret, process) = &*PROCESS;
        let request = digits(secret.hash_one(NEXT.fetch_add(1, Ordering::Relaxed)));
        let mut id = [0; 32];
        let (high, low) = id.split_at_mut(16);
        high.copy_from_slice(process);
        low.copy_from_slice(&request);
        Self(HeaderValue::from_bytes(&id).unwrap_or(HeaderValue::from_static("unknown")))
    }

    /// Tells it to everybody who asks after this.
    pub(crate) fn tell(&self, extensions: &mut Extensions) {
        let is_in_span = Self::is_in_span(extensions);
        extensions.insert(Told { id: self.clone(), is_in_span });
    }

    /// The same, by whoever made a span that bears it.
    pub(crate) fn tell_in_span(&self, extensions: &mut Extensions) {
        extensions.insert(Told { id: self.clone(), is_in_span: true });
    }

    /// Whether a span bears the id of the request.
    pub(crate) fn is_in_span(extensions: &Extensions) -> bool {
        extensions.get::<Told>().is_some_and(|told| told.is_in_span)
    }

    /// As text: visible ASCII.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// As the value of a field.
    pub(crate) const fn value(&self) -> &HeaderValue {
        &self.0
    }
}

/// The id of a request, under a type that only we can make.
#[derive(Clone)]
struct Told {
    id: RequestId,
    is_in_span: bool,
}

/// A number in 16 hexadecimal digits. The formatter of the library takes ten times as long, and every request has an id.
fn digits(mut number: u64) -> [u8; 16] {
    let mut digits = [0; 16];
    for digit in &mut digits {
        number = number.rotate_left(4);
        *digit = b"0123456789abcdef"[(number & 0xf) as usize];
    }
    digits
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestId").field(&self.as_str()).finish()
    }
}

/// Outside of an `ErrorLayer` as well: then the id is read or made for this one extractor.
impl<S: Send + Sync> axum::extract::FromRequestParts<S> for RequestId {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut http::request::Parts, _: &S) -> Result<Self, Self::Rejection> {
        let id = Self::of(&parts.extensions, &parts.headers);
        id.tell(&mut parts.extensions);
        Ok(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> RequestId {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(X_REQUEST_ID, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        RequestId::of(&Extensions::new(), &headers)
    }

    #[test]
    fn what_is_at_most_64_visible_ascii_characters_is_taken() {
        for id in ["a", "7f9c-42", "~!\"<>{}", &"x".repeat(64)] {
            assert_eq!(of(&[id]).as_str(), id);
        }
    }

    #[test]
    fn anything_else_is_replaced_by_a_new_one() {
        let long = "x".repeat(65);
        for lines in
            [&[][..], &[""], &["two words"], &["é"], &["a\tb"], &[long.as_str()], &["a", "a"], &["a", ""]]
        {
            let id = of(lines);
            assert_eq!(id.as_str().len(), 32, "{lines:?}");
            assert!(id.as_str().bytes().all(|byte| byte.is_ascii_hexdigit()), "{lines:?}");
        }
    }

    #[test]
    fn digits_are_those_of_the_number() {
        for number in [0, 1, 0x0123_4567_89ab_cdef, u64::MAX] {
            assert_eq!(str::from_utf8(&digits(number)).unwrap(), format!("{number:016x}"));
        }
    }

    #[test]
    fn no_two_new_ones_are_equal() {
        let ids: std::collections::HashSet<_> = (0..10_000).map(|_| RequestId::made()).collect();
        assert_eq!(ids.len(), 10_000);
    }
}
