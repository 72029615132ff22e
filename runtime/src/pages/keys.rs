//! The keys that cursors are signed with.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How much of a signature a cursor carries: nobody guesses 128 bits.
pub(super) const TAG_BYTES: usize = 16;

/// The shortest secret that is accepted, in bytes: as long as the digest.
pub(crate) const SHORTEST_SECRET: usize = 32;

type Tag = [u8; TAG_BYTES];

/// A secret with the work that is the same for every cursor done already.
#[derive(Clone)]
pub(crate) struct CursorKey(Hmac<Sha256>);

impl CursorKey {
    /// `None` where the secret is too short to be one.
    pub(crate) fn of_secret(secret: &[u8]) -> Option<Self> {
        if secret.len() < SHORTEST_SECRET {
            return None;
        }
        Hmac::new_from_slice(secret).ok().map(Self)
    }

    /// One that nobody has, unless the system has no randomness.
    fn random() -> Option<Self> {
        let mut secret = [0; SHORTEST_SECRET];
        getrandom::fill(&mut secret).ok()?;
        Self::of_secret(&secret)
    }

    fn over(&self, message: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in message {
            mac.update(part);
        }
        mac
    }

    fn sign(&self, message: &[&[u8]]) -> Tag {
        let whole = self.over(message).finalize().into_bytes();
        let mut tag = [0; TAG_BYTES];
        tag.copy_from_slice(&whole[..TAG_BYTES]);
        tag
    }

    /// In a time that does not depend on where they differ.
    fn is_signature(&self, message: &[&[u8]], tag: &Tag) -> bool {
        self.over(message).verify_truncated_left(tag).is_ok()
    }
}

/// Shows nothing of the secret.
impl fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CursorKey(..)")
    }
}

/// The key that signs, the one that signed before it, or one that is made when the first cursor needs it.
#[derive(Debug, Default)]
pub(crate) struct CursorKeys {
    current: OnceLock<Option<CursorKey>>,
    previous: Option<CursorKey>,
    is_warned_of: AtomicBool,
}

impl CursorKeys {
    /// Keys that the settings name.
    pub(crate) fn given(current: CursorKey, previous: Option<CursorKey>) -> Self {
        Self { current: OnceLock::from(Some(current)), previous, is_warned_of: AtomicBool::new(true) }
    }

    fn current(&self) -> Option<&CursorKey> {
        self.current
            .get_or_init(|| {
                self.warn_of_made_up_key();
                CursorKey::random()
            })
            .as_ref()
    }

    /// Says once that nobody gave a key: at the start of a service that will need one, or else when the first cursor does.
    pub(crate) fn warn_of_made_up_key(&self) {
        if !self.is_warned_of.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "cursors are signed with a key that this process makes up: no other instance accepts them, and none of them outlives \
                 a restart. Give the Tollgate `.cursor_keys(secret, None)`"
            );
        }
    }

    /// `None` where there is no key, and no randomness to make one of.
    pub(super) fn sign(&self, message: &[&[u8]]) -> Option<Tag> {
        self.current().map(|key| key.sign(message))
    }

    /// Whether one of the keys signed it.
    pub(super) fn is_signature(&self, message: &[&[u8]], tag: &Tag) -> bool {
        let mut keys = self.current().into_iter().chain(&self.previous);
        keys.any(|key| key.is_signature(message, tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> CursorKey {
        CursorKey::of_secret(&[byte; SHORTEST_SECRET]).unwrap()
    }

    #[test]
    fn secrets_of_31_bytes_are_none() {
        assert!(CursorKey::of_secret(&[7; 31]).is_none());
        assert!(CursorKey::of_secret(&[7; 32]).is_some());
    }

    #[test]
    fn both_keys_verify_and_the_current_one_signs() {
        let old = CursorKeys::given(key(1), None);
        let rotated = CursorKeys::given(key(2), Some(key(1)));
        let (before, after) = (old.sign(&[b"a"]).unwrap(), rotated.sign(&[b"a"]).unwrap());
        assert_ne!(before, after);
        assert!(rotated.is_signature(&[b"a"], &before) && rotated.is_signature(&[b"a"], &after));
        assert!(!old.is_signature(&[b"a"], &after));
        let further = CursorKeys::given(key(3), Some(key(2)));
        assert!(!further.is_signature(&[b"a"], &before), "the key before the previous one is forgotten");
    }

    #[test]
    fn keys_that_are_made_up_differ_and_stay() {
        let (one, other) = (CursorKeys::default(), CursorKeys::default());
        let tag = one.sign(&[b"a"]).unwrap();
        assert!(one.is_signature(&[b"a"], &tag));
        assert!(!other.is_signature(&[b"a"], &tag));
    }

    #[test]
    fn the_parts_of_a_message_are_one_text() {
        let keys = CursorKeys::given(key(1), None);
        assert_eq!(keys.sign(&[b"ab", b"c"]), keys.sign(&[b"a", b"bc"]));
    }

    #[test]
    fn nothing_of_a_secret_is_shown() {
        let shown = format!("{:?}", CursorKeys::given(key(b'S'), Some(key(b'T'))));
        assert!(!shown.contains("83") && !shown.contains("SS") && !shown.contains("TT"), "{shown}");
    }
}
