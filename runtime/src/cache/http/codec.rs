//! Answers as bytes, for a store that processes share.
//!
//! ```text
//! version u8 | status u16 | number of fields u16 | per field: name length u16, name, value length u32, value | the rest: the body
//! ```
//!
//! Lengths are little-endian.

use std::any::type_name;
use std::marker::PhantomData;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::answer::StoredAnswer;
use crate::cache::policy::{Cached, Freshness};
use crate::cache::{Codec, Value};

const VERSION: u8 = 1;

/// Writes and reads answers of one function.
pub(crate) struct AnswerCodec {
    /// What tells answers of other builds apart, which may mean something else.
    meaning: fn() -> u64,
}

/// The answers of a function that returns `R`.
pub(crate) struct AnswersOf<R>(PhantomData<fn() -> R>);

impl AnswerCodec {
    /// With a fingerprint that is worked out where somebody asks.
    pub(crate) const fn new(meaning: fn() -> u64) -> Self {
        Self { meaning }
    }
}

impl<R> AnswersOf<R> {
    /// A fingerprint of what they mean, under that policy.
    pub(crate) fn meaning(policy: &Cached) -> u64 {
        fingerprint_of(policy, type_name::<R>(), size_of::<R>())
    }
}

/// FNV-1a of all that may change what a kept answer means. It has to be the same in all processes of one build.
fn fingerprint_of(policy: &Cached, returned: &str, size: usize) -> u64 {
    let fresh = match policy.freshness {
        Freshness::Ttl(nanos) => nanos,
        Freshness::FromResponse => u64::MAX,
    };
    let numbers = [
        u64::from(VERSION),
        policy.fingerprint,
        size as u64,
        fresh,
        policy.stale_while_revalidate,
        policy.stale_if_error,
        u64::from(policy.is_public),
        u64::from(policy.has_key),
    ];
    let mut hash = Fnv::new();
    for number in numbers {
        hash.write(&number.to_le_bytes());
    }
    for text in policy.vary.iter().chain([&returned]) {
        hash.write(&(text.len() as u64).to_le_bytes());
        hash.write(text.as_bytes());
    }
    hash.0
}

struct Fnv(u64);

impl Fnv {
    const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Codec for AnswerCodec {
    fn fingerprint(&self) -> u64 {
        (self.meaning)()
    }

    fn encode(&self, value: &Value) -> Option<Vec<u8>> {
        encode(value.downcast_ref()?)
    }

    fn decode(&self, payload: &[u8]) -> Option<(Value, u32)> {
        let answer = decode(payload)?;
        let bytes = answer.weight();
        Some((Arc::new(answer), bytes))
    }
}

/// The bytes of an answer; `None` where it has more fields, or longer ones, than they can tell.
pub(crate) fn encode(answer: &StoredAnswer) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(answer.body.len() + 64 * (1 + answer.headers.len()));
    bytes.push(VERSION);
    bytes.extend_from_slice(&answer.status.as_u16().to_le_bytes());
    bytes.extend_from_slice(&u16::try_from(answer.headers.len()).ok()?.to_le_bytes());
    for (name, value) in &answer.headers {
        bytes.extend_from_slice(&u16::try_from(name.as_str().len()).ok()?.to_le_bytes());
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(&u32::try_from(value.len()).ok()?.to_le_bytes());
        bytes.extend_from_slice(value.as_bytes());
    }
    bytes.extend_from_slice(&answer.body);
    Some(bytes)
}

/// The answer of some bytes; `None` where they are none.
pub(crate) fn decode(payload: &[u8]) -> Option<StoredAnswer> {
    let mut rest = payload;
    let [version] = *take::<1>(&mut rest)?;
    if version != VERSION {
        return None;
    }
    let status = StatusCode::from_u16(u16::from_le_bytes(*take(&mut rest)?)).ok()?;
    let fields = u16::from_le_bytes(*take(&mut rest)?);
    let mut headers = HeaderMap::new();
    for _ in 0..fields {
        let length = u16::from_le_bytes(*take(&mut rest)?);
        let name = HeaderName::from_bytes(split(&mut rest, length.into())?).ok()?;
        let length = u32::from_le_bytes(*take(&mut rest)?);
        let value = HeaderValue::from_bytes(split(&mut rest, length.try_into().ok()?)?).ok()?;
        headers.try_append(name, value).ok()?;
    }
    Some(StoredAnswer::new(status, headers, rest))
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(taken)
}

fn split<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests {
    use http::header::{CONTENT_TYPE, LINK};
    use proptest::prelude::*;

    use super::*;

    const CODEC: AnswerCodec = AnswerCodec::new(|| 7);

    fn answer() -> StoredAnswer {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.append(LINK, HeaderValue::from_static("</a>; rel=next"));
        headers.append(LINK, HeaderValue::from_bytes(b"\xff\xfe").unwrap());
        StoredAnswer::new(StatusCode::NON_AUTHORITATIVE_INFORMATION, headers, b"{\"a\":1}")
    }

    fn bytes() -> Vec<u8> {
        let value: Value = Arc::new(answer());
        CODEC.encode(&value).unwrap()
    }

    #[test]
    fn an_answer_comes_back_as_it_was() {
        let (value, weight) = CODEC.decode(&bytes()).unwrap();
        let back = value.downcast_ref::<StoredAnswer>().unwrap();
        let answer = answer();
        assert_eq!((back.status, &back.headers, &back.body), (answer.status, &answer.headers, &answer.body));
        assert_eq!(weight, answer.weight());
    }

    #[test]
    fn a_value_that_is_no_answer_has_no_bytes() {
        let value: Value = Arc::new(7_u8);
        assert!(CODEC.encode(&value).is_none());
    }

    #[test]
    fn a_head_that_is_cut_short_is_nothing() {
        let bytes = bytes();
        for length in 0..bytes.len() - answer().body.len() {
            assert!(decode(&bytes[..length]).is_none(), "{length}");
        }
    }

    #[test]
    fn another_version_is_nothing() {
        let mut bytes = bytes();
        bytes[0] = VERSION + 1;
        assert!(decode(&bytes).is_none());
    }

    proptest! {
        #[test]
        fn foreign_bytes_never_panic(foreign in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&foreign);
            let mut ours = foreign;
            if let Some(first) = ours.first_mut() {
                *first = VERSION;
            }
            let _ = decode(&ours);
        }

        #[test]
        fn bytes_that_were_changed_never_panic(place in 0_usize..60, byte in any::<u8>()) {
            let mut bytes = bytes();
            let place = place % bytes.len();
            bytes[place] = byte;
            let _ = decode(&bytes);
        }
    }

    #[test]
    fn what_may_change_the_meaning_of_an_answer_changes_its_fingerprint() {
        let base = Cached::ttl(7);
        let of = |policy: Cached| fingerprint_of(&policy, "a::B", 8);
        let others = [
            of(Cached::ttl(8)),
            of(Cached::from_response()),
            of(base.built_as(1, None)),
            of(base.public()),
            of(base.keyed()),
            of(base.vary(&["accept"])),
            of(base.stale_while_revalidate(1)),
            of(base.stale_if_error(1)),
            fingerprint_of(&base, "a::B", 9),
            fingerprint_of(&base, "a::C", 8),
        ];
        assert!(others.iter().all(|other| *other != of(base)));
        assert_eq!(of(base), of(base.lease(9)), "who makes it does not change what it means");
    }
}
