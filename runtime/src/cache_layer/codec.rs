//! What a layer keeps as bytes, for a store that processes share.
//!
//! ```text
//! version u8 | flags u8 | fresh, while_revalidating, on_error u64 | values length u32, values | the answer, as cache/http has it
//! ```
//!
//! Lengths and times are little-endian. How old the answer was is told by its entry.

use std::sync::Arc;

use super::kept::Kept;
use crate::cache::http::{decode, encode};
use crate::cache::rfc::vary::Vary;
use crate::cache::{Codec, Terms, Value};

const VERSION: u8 = 1;

const IS_STRICT: u8 = 1;
const IS_FOR_ALL: u8 = 2;

/// Writes and reads what layers keep.
pub(super) struct KeptCodec;

impl Codec for KeptCodec {
    /// What is kept means what its fields say, in all builds.
    fn fingerprint(&self) -> u64 {
        u64::from(VERSION)
    }

    fn encode(&self, value: &Value) -> Option<Vec<u8>> {
        let Kept { answer, terms, values, is_for_all, .. } = value.downcast_ref()?;
        let mut bytes = vec![VERSION, flag(terms.is_strict, IS_STRICT) | flag(*is_for_all, IS_FOR_ALL)];
        for time in [terms.fresh, terms.while_revalidating, terms.on_error] {
            bytes.extend(time.to_le_bytes());
        }
        bytes.extend(u32::try_from(values.len()).ok()?.to_le_bytes());
        bytes.extend(values);
        bytes.extend(encode(answer)?);
        Some(bytes)
    }

    fn decode(&self, payload: &[u8]) -> Option<(Value, u32)> {
        let kept = read(payload)?;
        let bytes = kept.weight();
        Some((Arc::new(kept), bytes))
    }
}

fn read(payload: &[u8]) -> Option<Kept> {
    let mut rest = payload;
    let [version, flags] = take(&mut rest)?;
    if version != VERSION || flags > IS_STRICT | IS_FOR_ALL {
        return None;
    }
    let mut time = || Some(u64::from_le_bytes(take(&mut rest)?));
    let (fresh, while_revalidating, on_error) = (time()?, time()?, time()?);
    let is_strict = flags & IS_STRICT != 0;
    let terms = Terms { fresh, while_revalidating, on_error, is_strict, ..Terms::default() };
    let length = u32::from_le_bytes(take(&mut rest)?);
    let (values, rest) = rest.split_at_checked(length.try_into().ok()?)?;
    let answer = decode(rest)?;
    let Vary::By(varies_by) = Vary::of(&answer.headers) else { return None };
    let is_for_all = flags & IS_FOR_ALL != 0;
    Some(Kept { answer, terms, varies_by, values: values.to_vec(), is_for_all })
}

const fn flag(is: bool, flag: u8) -> u8 {
    if is { flag } else { 0 }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (taken, left) = rest.split_first_chunk()?;
    *rest = left;
    Some(*taken)
}

#[cfg(test)]
mod tests {
    use http::header::{CONTENT_TYPE, VARY};
    use http::{HeaderMap, HeaderValue, StatusCode};
    use proptest::prelude::*;

    use super::*;
    use crate::cache::http::StoredAnswer;

    fn kept() -> Kept {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        headers.insert(VARY, HeaderValue::from_static("accept, x-y"));
        let answer = StoredAnswer::new(StatusCode::NOT_FOUND, headers, b"body");
        let Vary::By(varies_by) = Vary::of(&answer.headers) else { panic!("it varies") };
        let terms = Terms { initial_age: 0, fresh: 1, while_revalidating: 2, on_error: 3, is_strict: true };
        Kept { answer, terms, varies_by, values: b"\x01a\0".to_vec(), is_for_all: true }
    }

    fn bytes() -> Vec<u8> {
        let value: Value = Arc::new(kept());
        KeptCodec.encode(&value).unwrap()
    }

    #[test]
    fn what_is_kept_comes_back_as_it_was() {
        let (value, weight) = KeptCodec.decode(&bytes()).unwrap();
        let (back, kept) = (value.downcast_ref::<Kept>().unwrap(), kept());
        assert_eq!((back.terms, back.is_for_all, &back.values), (kept.terms, true, &kept.values));
        assert_eq!(back.varies_by, kept.varies_by);
        assert_eq!((back.answer.status, &back.answer.headers), (kept.answer.status, &kept.answer.headers));
        assert_eq!((&back.answer.body[..], weight), (&b"body"[..], kept.weight()));
    }

    #[test]
    fn what_is_cut_short_or_of_another_version_is_nothing() {
        let mut bytes = bytes();
        for length in 0..bytes.len() - 4 {
            assert!(read(&bytes[..length]).is_none(), "{length}");
        }
        bytes[0] += 1;
        assert!(read(&bytes).is_none());
    }

    #[test]
    fn a_value_of_another_type_has_no_bytes() {
        let value: Value = Arc::new(7_u8);
        assert!(KeptCodec.encode(&value).is_none());
    }

    proptest! {
        #[test]
        fn bytes_that_were_changed_never_panic(place in 0_usize..120, byte: u8, foreign: Vec<u8>) {
            let mut bytes = bytes();
            let place = place % bytes.len();
            bytes[place] = byte;
            let _ = (read(&bytes), read(&foreign));
            let mut ours = foreign;
            ours.splice(0..0, [VERSION, 0]);
            let _ = read(&ours);
        }
    }
}
