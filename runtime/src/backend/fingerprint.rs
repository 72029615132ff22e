//! Keys as numbers of 128 bits, so that a table entry is small and of one size.

use std::hash::{BuildHasher, RandomState};

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::core::{AddressGroup, Key, Repr};

/// Turns keys into 128-bit identities.
///
/// An address is kept exactly. Anything longer becomes a SipHash-1-3 of 112 bits under a secret of this process, so
/// nobody can choose two keys that meet; by chance, two of ten million do with a probability of 10⁻²⁰.
pub(crate) struct Fingerprints {
    secret: (u64, u64),
}

/// The highest byte tells the kinds apart.
const TAG_SHIFT: u32 = 120;
/// The scope of an exactly kept key, which has 48 bits.
const SCOPE_SHIFT: u32 = 72;

impl Fingerprints {
    /// With a secret of its own.
    pub(crate) fn new() -> Self {
        Self { secret: (RandomState::new().hash_one(0_u8), RandomState::new().hash_one(1_u8)) }
    }

    /// The identity of `key` within `scope`, which is never zero. The eight bits at 64 are left at zero where the key is kept exactly, and
    /// all of them are free to be changed by [`with_slot`].
    #[inline]
    pub(crate) fn identity(&self, scope: u64, key: &Key) -> u128 {
        match key.repr() {
            Repr::Address(AddressGroup::V4(bits)) => exact(1, scope, u64::from(*bits)),
            Repr::Address(AddressGroup::V6Network(bits)) => exact(2, scope, *bits),
            Repr::Everyone => exact(3, scope, 0),
            Repr::Anonymous => exact(4, scope, 0),
            Repr::Bytes(bytes) | Repr::Principal(bytes) => self.hashed(scope, bytes),
        }
    }

    #[inline(never)]
    fn hashed(&self, scope: u64, bytes: &[u8]) -> u128 {
        use std::hash::Hasher;
        let mut hasher = SipHasher13::new_with_keys(self.secret.0, self.secret.1);
        hasher.write_u64(scope);
        hasher.write(bytes);
        let hash = hasher.finish128().as_u128() & !(0xff << TAG_SHIFT) & !(0xff << SLOT_SHIFT);
        hash | 5 << TAG_SHIFT
    }
}

/// Where the number of a sub-entry stands in an identity.
const SLOT_SHIFT: u32 = 64;

/// The identity of the `slot`-th sub-entry of an identity.
pub(crate) const fn with_slot(identity: u128, slot: u8) -> u128 {
    identity | (slot as u128) << SLOT_SHIFT
}

/// The number of a sub-entry.
#[allow(clippy::cast_possible_truncation, reason = "the number is the lowest byte after the shift")]
pub(crate) const fn slot_of(identity: u128) -> u8 {
    (identity >> SLOT_SHIFT) as u8
}

/// The identity that a sub-entry belongs to.
pub(crate) const fn without_slot(identity: u128) -> u128 {
    identity & !(0xff << SLOT_SHIFT)
}

fn exact(tag: u8, scope: u64, bits: u64) -> u128 {
    u128::from(tag) << TAG_SHIFT | u128::from(scope) << SCOPE_SHIFT | u128::from(bits)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn kinds_scopes_and_slots_never_share_an_identity() {
        let fingerprints = Fingerprints::new();
        let keys = [
            Key::EVERYONE,
            Key::ANONYMOUS,
            Key::address("0.0.0.0".parse().unwrap()),
            Key::address("::".parse().unwrap()),
            Key::from(""),
            Key::from(0),
        ];
        let mut seen = HashSet::new();
        for scope in [0, 1, (1 << 48) - 1] {
            for key in &keys {
                for slot in [0, 1, u8::MAX] {
                    assert!(seen.insert(with_slot(fingerprints.identity(scope, key), slot)));
                }
            }
        }
    }

    #[test]
    fn a_slot_is_told_apart_from_its_identity() {
        let identity = Fingerprints::new().identity(7, &Key::from("sk_live_1"));
        assert_eq!((slot_of(identity), without_slot(identity)), (0, identity));
        let last = with_slot(identity, u8::MAX);
        assert_eq!((slot_of(last), without_slot(last)), (u8::MAX, identity));
    }

    #[test]
    fn two_processes_disagree_on_hashed_keys() {
        let key = Key::from("sk_live_1");
        assert_ne!(Fingerprints::new().identity(0, &key), Fingerprints::new().identity(0, &key));
    }
}
