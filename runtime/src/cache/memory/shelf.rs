//! A store without a cache around it: what benchmarks put beside other stores.

use std::sync::Arc;

use super::{Answers, Values};
use crate::cache::entry::Entry;
use crate::cache::life::{Life, Terms};
use crate::cache::marks::Marks;
use crate::cache::store::Store;
use crate::core::Moment;

/// How long everything on a shelf may be used: for a day.
const FRESH: u64 = 86_400_000_000_000;

/// Keeps numbers, behind the trait that caches go through.
#[derive(Debug)]
pub struct Shelf(Box<dyn Store>);

impl Shelf {
    /// As answers are kept.
    #[must_use]
    pub fn of_answers(max_bytes: u64) -> Self {
        Self(Box::new(Answers::new(max_bytes)))
    }

    /// As values of functions are kept.
    #[must_use]
    pub fn of_values(max_bytes: u64) -> Self {
        Self(Box::new(Values::new(max_bytes)))
    }

    /// Whether there is something of this key, which is taken in hand as a cache does.
    #[inline]
    #[must_use]
    pub fn has(&self, key: &[u8]) -> bool {
        self.0.get(key).is_some()
    }

    /// Puts a number that claims so many bytes.
    pub fn put(&self, key: &[u8], number: u64, bytes: u32) {
        let terms = Terms { fresh: FRESH, ..Terms::default() };
        let life = Life { terms, since: Moment::ORIGIN, early: u64::MAX };
        let entry = Entry::new(Arc::new(number), life, Marks::new(), 0, bytes);
        self.0.put(key, Arc::new(entry), &|_| false);
    }

    /// How many there are, and how many bytes they take.
    #[must_use]
    pub fn size(&self) -> (u64, u64) {
        self.0.settle(Moment::ORIGIN);
        (self.0.entries(), self.0.bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_keeps_what_is_put() {
        for shelf in [Shelf::of_answers(1 << 20), Shelf::of_values(1 << 20)] {
            assert!(!shelf.has(b"a"));
            shelf.put(b"a", 1, 100);
            assert!(shelf.has(b"a"));
            let (entries, bytes) = shelf.size();
            assert!(entries == 1 && bytes > 100, "{entries} of {bytes} bytes");
        }
    }
}
