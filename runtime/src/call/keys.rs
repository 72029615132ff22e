//! What tells the calls of a function apart: the bytes that its arguments hash.

use std::any::type_name;
use std::fmt::{self, Write as _};
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use smallvec::SmallVec;

use crate::cache::TypeNames;

/// What is longer goes by its digest.
const LONGEST: usize = 1024;

/// An argument that can tell calls apart: whatever is [`Hash`] and [`Eq`].
///
/// Two arguments are one key where they hash the same bytes, so `&str` and `String` are one. A derived `Hash` hashes every field. A type
/// whose own `Hash` leaves out what its `Eq` compares is no key: write `key = ".."`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of a cache: write `key = \"..\"` or `skip(..)`",
    label = "is no `Hash + Eq`",
    note = "calls are told apart by their arguments, so `skip(..)` names those that the value does not depend on"
)]
pub trait CacheKey {
    /// Adds what it hashes.
    fn record(&self, key: &mut KeyBytes);
}

#[diagnostic::do_not_recommend]
impl<T: Hash + Eq + ?Sized> CacheKey for T {
    #[inline]
    fn record(&self, key: &mut KeyBytes) {
        self.hash(&mut Recorder(&mut key.bytes));
    }
}

/// The key of a [`CacheHandle`](super::CacheHandle): a tuple of what the key of its function is made of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of a `CacheHandle`, which is a tuple of the arguments that tell calls apart",
    note = "write `({Self},)` for one argument of that type, `(String,)` for a `&str`, `()` where there is none"
)]
pub trait CacheKeys: 'static {
    /// Adds all of them.
    #[doc(hidden)]
    fn record(&self, key: &mut KeyBytes);
}

macro_rules! tuples {
    ($($name:ident)*) => {
        impl<$($name: CacheKey + 'static),*> CacheKeys for ($($name,)*) {
            #[allow(non_snake_case, unused_variables, reason = "there is a tuple of none, and each field is named as its type")]
            fn record(&self, key: &mut KeyBytes) {
                let ($($name,)*) = self;
                $(key.add($name);)*
            }
        }
    };
}

tuples!();
tuples!(A);
tuples!(A B);
tuples!(A B C);
tuples!(A B C D);
tuples!(A B C D E);
tuples!(A B C D E F);
tuples!(A B C D E F G);
tuples!(A B C D E F G H);

/// The key of one call, as the arguments write it.
#[derive(Default)]
pub struct KeyBytes {
    bytes: SmallVec<[u8; 64]>,
    /// Where the part begins that is the same in all processes.
    arguments: usize,
    /// The types of the arguments, whose names tell other builds apart in a store that processes share.
    types: TypeNames,
}

impl KeyBytes {
    /// With what tells functions apart in this process in front.
    #[inline]
    pub(super) fn of(site: u32, value: impl Hash) -> Self {
        let mut bytes = SmallVec::new();
        bytes.extend_from_slice(&site.to_ne_bytes());
        value.hash(&mut Recorder(&mut bytes));
        Self { arguments: bytes.len(), bytes, types: TypeNames::new() }
    }

    /// With an argument, kept apart from those before it.
    #[inline]
    pub fn add<T: CacheKey + ?Sized>(&mut self, argument: &T) {
        self.types.push(type_name::<T>);
        self.part(|key| argument.record(key));
    }

    /// With an argument of a type that is not the same in every call: what is equal of two types is two keys.
    pub fn add_typed<T: CacheKey + ?Sized>(&mut self, argument: &T) {
        self.of_type::<T>();
        self.add(argument);
    }

    /// With a type.
    pub fn of_type<T: ?Sized>(&mut self) {
        self.part(|key| key.bytes.extend_from_slice(type_name::<T>().as_bytes()));
    }

    /// With a text.
    pub fn add_text(&mut self, text: fmt::Arguments<'_>) {
        // As a `String` records itself, so that a handle finds it.
        self.part(|key| {
            let begin = key.bytes.len();
            // Nothing fails but a `Display` of the user's. What it wrote until then may be the text of something else, so that is no key again.
            if Recorder(&mut key.bytes).write_fmt(text).is_err() {
                static UNWRITTEN: AtomicU64 = AtomicU64::new(0);
                let number = UNWRITTEN.fetch_add(1, Ordering::Relaxed);
                key.bytes.extend_from_slice(&number.to_le_bytes());
            }
            end(&mut key.bytes, begin);
            key.bytes.push(0xff);
        });
    }

    /// Its length goes first, so no two lists of arguments write the same.
    #[inline]
    fn part(&mut self, write: impl FnOnce(&mut Self)) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; 4]);
        write(self);
        let length = u32::try_from(self.bytes.len() - start - 4).unwrap_or(u32::MAX - 1);
        if let Some(place) = self.bytes.get_mut(start..start + 4) {
            place.copy_from_slice(&length.to_le_bytes());
        }
    }

    /// Complete: a long one goes by its digest.
    #[inline]
    pub(super) fn close(&mut self) {
        if self.bytes.len() > LONGEST {
            self.digest();
        }
    }

    #[cold]
    fn digest(&mut self) {
        let digest = Sha256::digest(self.of_arguments());
        self.bytes.truncate(self.arguments);
        // No part is of that length.
        self.bytes.extend_from_slice(&[0xff; 4]);
        self.bytes.extend_from_slice(&digest);
    }

    /// All of it.
    #[inline]
    pub(super) fn as_slice(&self) -> &[u8] {
        &self.bytes
    }

    /// How many bytes at its beginning mean something in this process alone.
    pub(super) const fn local(&self) -> usize {
        self.arguments
    }

    /// What its arguments are.
    pub(super) fn types(&self) -> TypeNames {
        self.types.clone()
    }

    /// What is the same in all processes.
    pub(super) fn of_arguments(&self) -> &[u8] {
        self.bytes.get(self.arguments..).unwrap_or_default()
    }
}

/// Shows nothing: arguments are often secrets.
impl fmt::Debug for KeyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyBytes").field("length", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// A hasher that keeps what it is given. What has no length of its own is followed by it: a `Path` hashes its parts one by one, and a sum of
/// where they end, which two paths may have in common.
struct Recorder<'a>(&'a mut SmallVec<[u8; 64]>);

/// What begins there is over.
#[inline]
fn end(bytes: &mut SmallVec<[u8; 64]>, begin: usize) {
    let length = u32::try_from(bytes.len() - begin).unwrap_or(u32::MAX);
    bytes.extend_from_slice(&length.to_le_bytes());
}

macro_rules! numbers {
    ($($write:ident $number:ty),*) => {
        $(
            #[inline]
            fn $write(&mut self, number: $number) {
                self.0.extend_from_slice(&number.to_ne_bytes());
            }
        )*
    };
}

impl Hasher for Recorder<'_> {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let begin = self.0.len();
        self.0.extend_from_slice(bytes);
        end(self.0, begin);
    }

    numbers!(write_u8 u8, write_u16 u16, write_u32 u32, write_u64 u64, write_u128 u128, write_usize usize);

    /// Nobody asks.
    fn finish(&self) -> u64 {
        0
    }
}

impl fmt::Write for Recorder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::any::TypeId;

    use super::*;

    fn key(record: impl FnOnce(&mut KeyBytes)) -> Vec<u8> {
        let mut key = KeyBytes::of(7, TypeId::of::<u8>());
        record(&mut key);
        key.close();
        key.as_slice().to_vec()
    }

    #[test]
    fn what_is_equal_is_one_key_borrowed_or_owned() {
        assert_eq!(key(|key| key.add("CDG")), key(|key| key.add(&"CDG".to_owned())));
        assert_eq!(key(|key| key.add(&[1, 2][..])), key(|key| key.add(&vec![1, 2])));
        assert_eq!(key(|key| key.add(&&&7_u8)), key(|key| key.add(&7_u8)));
        assert_eq!(key(|key| key.add_text(format_args!("{}", 12))), key(|key| key.add("12")));
    }

    #[test]
    fn arguments_are_kept_apart() {
        let two = |a: &str, b: &str| {
            key(|key| {
                key.add(a);
                key.add(b);
            })
        };
        assert_ne!(two("ab", "c"), two("a", "bc"));
        assert_ne!(two("", "a"), two("a", ""));
        assert_ne!(key(|key| key.add(&(1_u8, 2_u8))), key(|key| (key.add(&1_u8), key.add(&2_u8)).1));
        assert_ne!(key(|key| key.add(&None::<u8>)), key(|_| {}));
    }

    #[test]
    fn paths_whose_parts_end_elsewhere_are_told_apart_however_many_they_have() {
        use std::path::PathBuf;

        let path = |long: usize| -> PathBuf {
            (0..40).map(|place| if place == long { "aa" } else { "a" }).collect()
        };
        for other in 1..40 {
            assert_ne!(key(|key| key.add(&path(0))), key(|key| key.add(&path(other))), "{other}");
        }
    }

    #[test]
    fn what_cannot_be_written_is_like_nothing_else() {
        struct Shy;

        impl fmt::Display for Shy {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a").and(Err(fmt::Error))
            }
        }

        let shy = || key(|key| key.add_text(format_args!("{Shy}")));
        assert_ne!(shy(), shy());
    }

    #[test]
    fn types_are_told_apart_where_they_may_differ() {
        assert_eq!(key(|key| key.add(&1_u8)), key(|key| key.add(&1_i8)));
        assert_ne!(key(|key| key.add_typed(&1_u8)), key(|key| key.add_typed(&1_i8)));
    }

    #[test]
    fn values_of_two_types_and_functions_never_meet() {
        let key = |site, value: TypeId| KeyBytes::of(site, value).as_slice().to_vec();
        assert_ne!(key(1, TypeId::of::<u8>()), key(2, TypeId::of::<u8>()));
        assert_ne!(key(1, TypeId::of::<u8>()), key(1, TypeId::of::<i8>()));
    }

    #[test]
    fn only_the_front_of_a_key_is_of_this_process() {
        let key = |site, value: TypeId| {
            let mut key = KeyBytes::of(site, value);
            key.add("CDG");
            key.add(&7_u32);
            key
        };
        let (one, other) = (key(1, TypeId::of::<u8>()), key(2, TypeId::of::<i8>()));
        assert_eq!(one.as_slice()[one.local()..], other.as_slice()[other.local()..]);
        assert_eq!(one.as_slice()[one.local()..], *one.of_arguments());
        let names: Vec<_> = one.types().iter().map(|name| name()).collect();
        assert_eq!(names, ["str", "u32"]);
    }

    #[test]
    fn a_long_key_goes_by_its_digest() {
        let (one, other) = ("a".repeat(5000), "a".repeat(4999) + "b");
        let keys = [key(|key| key.add(&one)), key(|key| key.add(&other))];
        assert_ne!(keys[0], keys[1]);
        assert!(keys.iter().all(|key| key.len() < 64), "{keys:?}");
        assert_eq!(keys[0], key(|key| key.add(one.as_str())));
    }

    #[test]
    fn a_tuple_is_its_parts() {
        let tuple = ("CDG".to_owned(), 7_u32);
        let parts = key(|key| {
            key.add("CDG");
            key.add(&7_u32);
        });
        assert_eq!(key(|key| CacheKeys::record(&tuple, key)), parts);
        assert_eq!(key(|key| CacheKeys::record(&(), key)), key(|_| {}));
    }

    #[test]
    fn debug_output_hides_the_key() {
        let mut key = KeyBytes::default();
        key.add("sk_live_secret");
        assert!(!format!("{key:?}").contains("secret"));
    }
}
