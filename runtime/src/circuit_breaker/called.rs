//! What a breaker is called in all processes of a service.

use std::fmt::{self, Write};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

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

/// How the name of what is shared begins.
const SHARED: &str = "%share/";

impl Called {
    /// That of a site.
    pub(crate) fn site(name: &str) -> Self {
        Self::written("", name)
    }

    /// That of all sites which share it.
    pub(crate) fn share(name: &str) -> Self {
        Self::written(SHARED, name)
    }

    /// That of one key.
    pub(crate) fn with_key(&self, key: &str) -> Self {
        let mut text = self.of_all().to_owned();
        text.push('/');
        URL_SAFE_NO_PAD.encode_string(digest(key), &mut text);
        Self(text.into())
    }

    /// As it was told; `None` where nothing is called so.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let is_plain = |character: char| !character.is_control() && character != '{' && character != '}';
        let is_ours = !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_plain);
        is_ours.then(|| Self(text.into()))
    }

    #[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "without a shared store nobody is told"))]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is called without its key.
    pub(crate) fn of_all(&self) -> &str {
        let name = self.0.strip_prefix(SHARED).unwrap_or(&self.0);
        let key = name.find('/').map_or(0, |slash| name.len() - slash);
        self.0.get(..self.0.len() - key).unwrap_or(&self.0)
    }

    /// Whether it is that of one key.
    pub(crate) fn has_key(&self) -> bool {
        self.of_all().len() < self.0.len()
    }

    fn written(kind: &str, name: &str) -> Self {
        let mut text = kind.to_owned();
        for character in name.chars() {
            if character.is_control() || matches!(character, '%' | '/' | '{' | '}') {
                // Writing to a string does not fail.
                let _ = write!(text, "%{:02X}", u32::from(character));
            } else {
                text.push(character);
            }
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
fn digest(key: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(key).into();
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
        let of_all = words.iter().flat_map(|word| [Called::site(word), Called::share(word)]);
        let of_all: HashSet<_> = of_all.collect();
        assert_eq!(of_all.len(), words.len() * 2, "{of_all:?}");
        let mut names = of_all.clone();
        for (called, key) in of_all.iter().flat_map(|called| ["ada", "", "a/b"].map(|key| (called, key))) {
            let of_key = called.with_key(key);
            assert!(of_key.has_key() && !called.has_key() && of_key.of_all() == called.as_str(), "{of_key}");
            assert_eq!(of_key.with_key(key), of_key);
            names.insert(of_key);
        }
        assert_eq!(names.len(), of_all.len() * 4, "{names:?}");
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
