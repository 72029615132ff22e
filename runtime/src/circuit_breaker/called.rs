//! What a breaker is called in all processes of a service.

use std::fmt::{self, Write};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::core::{AddressGroup, Key, Repr};

/// So long is a name at most, in bytes. A longer one is not told to anybody.
const LONGEST: usize = 1_024;

/// The name of one breaker: that of its site or of what it is shared as, and its key where it has one.
///
/// ```text
/// weather::observe            of a site
/// %share/upstream             of all sites that share it: no site is called so, since a `%` of theirs is escaped
/// weather::observe/h1RkWq..   of one key, hashed: nobody reads it from here
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Called(Arc<str>);

impl Called {
    /// That of a site.
    pub(crate) fn site(name: &str, key: Option<&Key>) -> Self {
        Self::written("", name, key)
    }

    /// That of all sites which share it.
    pub(crate) fn share(name: &str, key: Option<&Key>) -> Self {
        Self::written("%share/", name, key)
    }

    /// As it was told; `None` where nothing is called so.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let is_plain = |character: char| !character.is_control() && character != '{' && character != '}';
        let is_ours = !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_plain);
        is_ours.then(|| Self(text.into()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn written(kind: &str, name: &str, key: Option<&Key>) -> Self {
        let mut text = kind.to_owned();
        for character in name.chars() {
            // Writing to a string does not fail.
            let _ = match character {
                '%' | '/' | '{' | '}' => write!(text, "%{:02X}", u32::from(character)),
                character if character.is_control() => write!(text, "%{:02X}", u32::from(character)),
                character => write!(text, "{character}"),
            };
        }
        if let Some(key) = key {
            text.push('/');
            URL_SAFE_NO_PAD.encode_string(digest(key), &mut text);
        }
        Self(text.into())
    }
}

impl fmt::Display for Called {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// 128 bits of a digest, from which nobody reads the key.
fn digest(key: &Key) -> [u8; 16] {
    let mut digest = Sha256::new();
    match key.repr() {
        Repr::Everyone => digest.update(b"e"),
        Repr::Anonymous => digest.update(b"a"),
        Repr::Address(AddressGroup::V4(bits)) => {
            digest.update(b"4");
            digest.update(bits.to_be_bytes());
        }
        Repr::Address(AddressGroup::V6Network(bits)) => {
            digest.update(b"6");
            digest.update(bits.to_be_bytes());
        }
        Repr::Bytes(bytes) => {
            digest.update(b"b");
            digest.update(bytes);
        }
        Repr::Principal(bytes) => {
            digest.update(b"p");
            digest.update(bytes);
        }
    }
    let digest: [u8; 32] = digest.finalize().into();
    let (first, _) = digest.split_at(16);
    first.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_breakers_have_one_name_whatever_sites_and_shares_are_called() {
        let words = ["a", "a/b", "a%2Fb", "share/a", "%share/a", "a{b}", "a\nb", "a%0Ab", "\u{e4}"];
        let keys = [None, Some(Key::from("ada")), Some(Key::bytes("ada")), Some(Key::EVERYONE)];
        let names: Vec<_> = words
            .iter()
            .flat_map(|word| keys.iter().map(move |key| (word, key.as_ref())))
            .flat_map(|(word, key)| [Called::site(word, key), Called::share(word, key)])
            .collect();
        assert_eq!(names.iter().collect::<HashSet<_>>().len(), names.len(), "{names:?}");
        for name in names {
            assert_eq!(Called::read(name.as_str()), Some(name.clone()));
            assert!(!name.as_str().contains("ada"), "{name}");
        }
    }

    #[test]
    fn names_that_nobody_has_are_none() {
        for text in ["", "a{b", "a}b", "a\nb", &"x".repeat(LONGEST + 1)] {
            assert_eq!(Called::read(text), None);
        }
    }
}
