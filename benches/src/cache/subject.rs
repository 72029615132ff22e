//! What is measured: our stores, the attribute above one of them, and what a user would take instead.
#![allow(clippy::unused_async, reason = "what is cached is an async fn, whatever it does")]

use std::{hint, time::Duration};

use ::moka::sync::Cache as MokaCache;
use ::quick_cache::sync::Cache as QuickCache;
use tokio::runtime::{Builder, Runtime};
use tollgate::__private::Shelf;

use crate::Failure;

/// Everything is of use for a day.
pub(super) const DAY: u64 = 86_400;
/// Room for whatever is looked for in a measurement of time.
const ROOM: u64 = 1 << 28;

/// Something that finds numbers by numbers.
pub(super) trait Subject: Sync {
    /// Its name in tables.
    fn name(&self) -> &'static str;

    /// Has all of these keys kept.
    fn fill(&self, keys: u32) -> Result<(), Failure>;

    /// Looks for all of these, and tells how many it found.
    fn visit(&self, keys: &[u32]) -> Result<usize, Failure>;
}

/// All that are timed; the first of them is what targets speak of.
pub(super) fn timed() -> Vec<Box<dyn Subject>> {
    vec![
        Box::new(OurAttribute),
        Box::new(OfValues(Shelf::of_values(ROOM))),
        Box::new(OfAnswers(Shelf::of_answers(ROOM))),
        Box::new(moka()),
        Box::new(QuickCache::new(1_000_000)),
        Box::new(CachedAttribute),
        Box::new(BoundedCachedAttribute),
    ]
}

/// moka with a time to live, as somebody has it who caches values of functions.
fn moka() -> MokaCache<u32, u64> {
    MokaCache::builder().max_capacity(1_000_000).time_to_live(Duration::from_secs(DAY)).build()
}

/// `#[call::cached]`.
struct OurAttribute;
struct OfValues(Shelf);
struct OfAnswers(Shelf);
/// `#[cached]` of the crate `cached`, with a time to live: it keeps without bound.
struct CachedAttribute;
/// The same with a bound.
struct BoundedCachedAttribute;

#[tollgate::call::cached(ttl = "1d")]
async fn ours(key: u32) -> u64 {
    u64::from(key)
}

#[cached::macros::cached(ttl_secs = 86_400)]
async fn of_cached(key: u32) -> u64 {
    u64::from(key)
}

#[cached::macros::cached(ttl_secs = 86_400, max_size = 1_000_000)]
async fn of_bounded_cached(key: u32) -> u64 {
    u64::from(key)
}

/// A runtime as each thread has its own.
fn runtime() -> Result<Runtime, Failure> {
    Ok(Builder::new_current_thread().enable_time().build()?)
}

fn wrong(found: u64, key: u32) -> Result<usize, Failure> {
    if found == u64::from(key) { Ok(1) } else { Err(format!("{found} in the place of {key}").into()) }
}

/// Calls an async function for each key.
macro_rules! call_each {
    ($keys:expr, $function:path) => {
        runtime()?.block_on(async {
            let mut found = 0;
            for key in $keys {
                found += wrong($function(hint::black_box(key)).await, key)?;
            }
            Ok(found)
        })
    };
}

impl Subject for OurAttribute {
    fn name(&self) -> &'static str {
        "call::cached"
    }

    fn fill(&self, keys: u32) -> Result<(), Failure> {
        crate::variants::install();
        call_each!(0..keys, ours).map(|_: usize| ())
    }

    fn visit(&self, keys: &[u32]) -> Result<usize, Failure> {
        call_each!(keys.iter().copied(), ours)
    }
}

impl Subject for CachedAttribute {
    fn name(&self) -> &'static str {
        "cached"
    }

    fn fill(&self, keys: u32) -> Result<(), Failure> {
        call_each!(0..keys, of_cached).map(|_: usize| ())
    }

    fn visit(&self, keys: &[u32]) -> Result<usize, Failure> {
        call_each!(keys.iter().copied(), of_cached)
    }
}

impl Subject for BoundedCachedAttribute {
    fn name(&self) -> &'static str {
        "cached, bounded"
    }

    fn fill(&self, keys: u32) -> Result<(), Failure> {
        call_each!(0..keys, of_bounded_cached).map(|_: usize| ())
    }

    fn visit(&self, keys: &[u32]) -> Result<usize, Failure> {
        call_each!(keys.iter().copied(), of_bounded_cached)
    }
}

/// Looks for each key at once.
fn each(keys: &[u32], has: impl Fn(u32) -> bool) -> usize {
    keys.iter().filter(|key| has(hint::black_box(**key))).count()
}

impl Subject for OfValues {
    fn name(&self) -> &'static str {
        "our store of values"
    }

    fn fill(&self, keys: u32) -> Result<(), Failure> {
        (0..keys).for_each(|key| self.0.put(&key.to_le_bytes(), key.into(), 8));
        Ok(())
    }

    fn visit(&self, keys: &[u32]) -> Result<usize, Failure> {
        Ok(each(keys, |key| self.0.has(&key.to_le_bytes())))
    }
}

impl Subject for OfAnswers {
    fn name(&self) -> &'static str {
        "our store of answers"
    }

    fn fill(&self, keys: u32) -> Result<(), Failure> {
        (0..keys).for_each(|key| self.0.put(&key.to_le_bytes(), key.into(), 8));
        Ok(())
    }

    fn visit(&self, keys: &[u32]) -> Result<usize, Failure> {
        Ok(each(keys, |key| self.0.has(&key.to_le_bytes())))
    }
}

impl Subject for MokaCache<u32, u64> {
    fn name(&self) -> &'static str {
        "moka"
    }

    fn fill(&self, keys: u32) -> Result<(), Failure> {
        (0..keys).for_each(|key| self.insert(key, key.into()));
        Ok(())
    }

    fn visit(&self, keys: &[u32]) -> Result<usize, Failure> {
        Ok(each(keys, |key| self.get(&key) == Some(key.into())))
    }
}

impl Subject for QuickCache<u32, u64> {
    fn name(&self) -> &'static str {
        "quick_cache"
    }

    fn fill(&self, keys: u32) -> Result<(), Failure> {
        (0..keys).for_each(|key| self.insert(key, key.into()));
        Ok(())
    }

    fn visit(&self, keys: &[u32]) -> Result<usize, Failure> {
        Ok(each(keys, |key| self.get(&key) == Some(key.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_was_kept_is_found() {
        for subject in timed() {
            subject.fill(100).unwrap();
            assert_eq!(subject.visit(&[0, 99, 7, 7]).unwrap(), 4, "{}", subject.name());
        }
    }
}
