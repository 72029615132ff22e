//! The bytes of an entry, as a store keeps them that processes share.
//!
//! ```text
//! "tgc" 1 | checksum | life | aged | initial_age | fresh | while_revalidating | on_error | strict | marks | (mark version)* | payload
//!    4         8         8      8         8          8            8               8         1       2        24 each      the rest
//! ```
//!
//! Numbers are little-endian. The checksum is over the entry's name and all that follows, so bytes that broke, that somebody else
//! wrote, or that were moved here from another name are no entry. Another layout has another number behind `tgc`.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::life::Terms;
use super::marks::Mark;
use super::remote::Version;

/// An entry of more bytes is not kept.
pub(super) const MOST_PAYLOAD: usize = 16 << 20;
/// More marks has none.
const MOST_MARKS: usize = 1_024;
/// What an entry takes at most.
pub(super) const MOST_BYTES: usize = MOST_PAYLOAD + BEFORE_MARKS + MOST_MARKS * MARK;

const MAGIC: [u8; 4] = *b"tgc\x01";
/// Where the checksum ends.
const UNCHECKED: usize = 12;
const BEFORE_MARKS: usize = UNCHECKED + 6 * 8 + 1 + 2;
const MARK: usize = 24;

/// An entry in an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Envelope<P> {
    /// How long it was to be kept. Milliseconds.
    pub(super) life: u64,
    /// How long it had been complete by then. Nanoseconds.
    pub(super) aged: u64,
    pub(super) terms: Terms,
    /// What its marks stood at before it was made.
    pub(super) marks: Vec<(Mark, Version)>,
    pub(super) payload: P,
}

impl Envelope<&[u8]> {
    /// Its bytes; nothing where it is too large.
    pub(super) fn write(&self, name: &str) -> Option<Vec<u8>> {
        if self.payload.len() > MOST_PAYLOAD || self.marks.len() > MOST_MARKS {
            return None;
        }
        let terms = &self.terms;
        let mut bytes = Vec::with_capacity(BEFORE_MARKS + self.marks.len() * MARK + self.payload.len());
        bytes.extend(MAGIC);
        bytes.extend([0; 8]);
        let times = [terms.initial_age, terms.fresh, terms.while_revalidating, terms.on_error];
        for number in [self.life, self.aged].into_iter().chain(times) {
            bytes.extend(number.to_le_bytes());
        }
        bytes.push(terms.is_strict.into());
        bytes.extend(u16::try_from(self.marks.len()).ok()?.to_le_bytes());
        for (mark, version) in &self.marks {
            bytes.extend(mark.0);
            bytes.extend(version.to_le_bytes());
        }
        bytes.extend(self.payload);
        let sum = checksum(name, bytes.get(UNCHECKED..)?);
        bytes.get_mut(MAGIC.len()..UNCHECKED)?.copy_from_slice(&sum.to_le_bytes());
        Some(bytes)
    }
}

impl<'a> Envelope<&'a [u8]> {
    /// What bytes under that name say; nothing where they are none of ours.
    pub(super) fn read(name: &str, bytes: &'a [u8]) -> Option<Self> {
        let mut rest = bytes;
        let is_ours = *take::<4>(&mut rest)? == MAGIC;
        let sum = number(&mut rest)?;
        if !is_ours || sum != checksum(name, rest) {
            return None;
        }
        let (life, aged) = (number(&mut rest)?, number(&mut rest)?);
        let terms = Terms {
            initial_age: number(&mut rest)?,
            fresh: number(&mut rest)?,
            while_revalidating: number(&mut rest)?,
            on_error: number(&mut rest)?,
            is_strict: flag(&mut rest)?,
        };
        let marks = u16::from_le_bytes(*take::<2>(&mut rest)?);
        let marks: Option<_> =
            (0..marks).map(|_| Some((Mark(*take(&mut rest)?), number(&mut rest)?))).collect();
        Some(Self { life, aged, terms, marks: marks?, payload: rest })
    }
}

fn take<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (first, others) = rest.split_first_chunk::<N>()?;
    *rest = others;
    Some(first)
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    take::<8>(rest).map(|bytes| u64::from_le_bytes(*bytes))
}

fn flag(rest: &mut &[u8]) -> Option<bool> {
    match take::<1>(rest)? {
        [0] => Some(false),
        [1] => Some(true),
        _ => None,
    }
}

/// Against accidents, not against whoever can write to the store.
fn checksum(name: &str, rest: &[u8]) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(&(name.len() as u64).to_le_bytes());
    hasher.write(name.as_bytes());
    hasher.write(rest);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn envelope<'a>(payload: &'a [u8], numbers: &[u64], marks: &[[u8; 16]]) -> Envelope<&'a [u8]> {
        let number = |place: usize| numbers.get(place).copied().unwrap_or_default();
        let terms = Terms {
            initial_age: number(0),
            fresh: number(1),
            while_revalidating: number(2),
            on_error: number(3),
            is_strict: number(4) % 2 == 1,
        };
        let marks = marks.iter().map(|mark| (Mark(*mark), number(5))).collect();
        Envelope { life: number(6), aged: number(7), terms, marks, payload }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_under_its_name_alone(
            payload: Vec<u8>, numbers: [u64; 8], marks: Vec<[u8; 16]>, name: String, other: String,
        ) {
            let written = envelope(&payload, &numbers, &marks);
            let bytes = written.write(&name).unwrap();
            prop_assert_eq!(Envelope::read(&name, &bytes), Some(written));
            prop_assert!(name == other || Envelope::read(&other, &bytes).is_none());
        }

        #[test]
        fn random_bytes_are_no_entry(bytes: Vec<u8>, name: String) {
            prop_assert_eq!(Envelope::read(&name, &bytes), None);
            let ours: Vec<u8> = MAGIC.into_iter().chain(bytes).collect();
            prop_assert_eq!(Envelope::read(&name, &ours), None);
        }

        #[test]
        fn bytes_that_were_cut_changed_or_prolonged_are_no_entry(
            payload: Vec<u8>, numbers: [u64; 8], marks: Vec<[u8; 16]>, at: prop::sample::Index, bit in 0..8_u8, more: u8,
        ) {
            let bytes = envelope(&payload, &numbers, &marks).write("name").unwrap();
            let at = at.index(bytes.len());
            prop_assert_eq!(Envelope::read("name", &bytes[..at]), None);
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            prop_assert_eq!(Envelope::read("name", &changed), None);
            let longer: Vec<u8> = bytes.into_iter().chain([more]).collect();
            prop_assert_eq!(Envelope::read("name", &longer), None);
        }

        /// Even where the checksum is right: whoever writes that may be another build.
        #[test]
        fn nothing_behind_a_right_checksum_panics(rest: Vec<u8>) {
            let sum = checksum("name", &rest).to_le_bytes();
            let bytes: Vec<u8> = MAGIC.into_iter().chain(sum).chain(rest).collect();
            let _ = Envelope::read("name", &bytes);
        }
    }

    #[test]
    fn what_is_too_large_is_not_written() {
        let large = vec![0; MOST_PAYLOAD + 1];
        assert_eq!(envelope(&large, &[], &[]).write("name"), None);
        let bytes = envelope(&large[1..], &[], &[[1; 16]; MOST_MARKS]).write("name").unwrap();
        assert_eq!(bytes.len(), MOST_BYTES);
        assert_eq!(envelope(&[], &[], &vec![[1; 16]; MOST_MARKS + 1]).write("name"), None);
    }
}
