//! What a store in memory has to do: the same for both.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::thread;

use moka::sync::Cache as Moka;
use proptest::prelude::*;

use super::{Answers, Values, largest};
use crate::cache::entry::{Entry, Value};
use crate::cache::life::{Life, Terms};
use crate::cache::marks::Marks;
use crate::cache::store::Store;
use crate::core::Moment;

const LONG: u64 = 3_600_000_000_000;
const ROOM: u64 = 1 << 20;

fn both(max_bytes: u64) -> [Box<dyn Store>; 2] {
    [Box::new(Answers::new(max_bytes)), Box::new(Values::new(max_bytes))]
}

/// An entry that is complete at a moment and of use for so long.
fn entry_of(value: Value, since: u64, fresh: u64, bytes: u32) -> Arc<Entry> {
    let life = Life {
        terms: Terms { fresh, ..Terms::default() },
        since: Moment::from_nanos(since),
        early: u64::MAX,
    };
    Arc::new(Entry::new(value, life, Marks::new(), 0, bytes))
}

fn entry(number: u64, bytes: u32) -> Arc<Entry> {
    entry_of(Arc::new(number), 0, LONG, bytes)
}

fn number(entry: Option<Arc<Entry>>) -> Option<u64> {
    entry.map(|entry| *entry.value.downcast_ref::<u64>().unwrap())
}

fn put(store: &dyn Store, key: &[u8], entry: Arc<Entry>) {
    store.put(key, entry, &|_| false);
}

/// What an entry without a key and a value of its own weighs.
fn fixed(new: impl Fn(u64) -> Box<dyn Store>) -> u64 {
    let store = new(ROOM);
    put(&*store, b"", entry(0, 0));
    store.settle(Moment::ORIGIN);
    store.bytes()
}

fn each(test: impl Fn(&dyn Fn(u64) -> Box<dyn Store>)) {
    test(&|max_bytes| Box::new(Answers::new(max_bytes)));
    test(&|max_bytes| Box::new(Values::new(max_bytes)));
}

#[test]
fn what_was_put_last_under_exactly_that_key_is_found() {
    for store in both(ROOM) {
        let key = [0_u8, 255, 1];
        put(&*store, &key, entry(1, 10));
        put(&*store, &key, entry(2, 20));
        put(&*store, b"", entry(3, 20));
        assert_eq!(number(store.get(&key)), Some(2));
        assert_eq!(number(store.peek(&key)), Some(2));
        assert_eq!(number(store.get(b"")), Some(3));
        for other in [&key[..2], &[0, 255], &[0, 255, 1, 0], b"\0"] {
            assert!(store.get(other).is_none() && store.peek(other).is_none(), "{other:?}");
        }
        store.settle(Moment::ORIGIN);
        assert_eq!(store.entries(), 2);
    }
}

#[test]
fn whoever_puts_is_asked_whether_what_is_there_stays() {
    for store in both(ROOM) {
        put(&*store, b"a", entry(1, 0));
        store.put(b"a", entry(2, 0), &|present| number(Some(Arc::new(copy(present)))) == Some(1));
        assert_eq!(number(store.get(b"a")), Some(1));
        store.put(b"a", entry(2, 0), &|_| false);
        assert_eq!(number(store.get(b"a")), Some(2));
        store.put(b"b", entry(3, 0), &|_| true);
        assert_eq!(number(store.get(b"b")), Some(3), "nothing is there that could stay");
    }
}

fn copy(entry: &Entry) -> Entry {
    Entry::new(Arc::clone(&entry.value), entry.life, entry.marks.clone(), entry.born, entry.bytes)
}

#[test]
fn an_entry_is_removed_if_it_is_this_one() {
    for store in both(ROOM) {
        let (first, second) = (entry(1, 0), entry(2, 0));
        put(&*store, b"a", Arc::clone(&second));
        store.remove(b"a", &first);
        store.remove(b"b", &second);
        assert_eq!(number(store.get(b"a")), Some(2));
        store.remove(b"a", &second);
        assert!(store.get(b"a").is_none());
        store.remove(b"a", &second);
        store.settle(Moment::ORIGIN);
        assert_eq!((store.entries(), store.bytes(), store.evicted()), (0, 0, 0));
    }
}

#[test]
fn what_is_changed_and_removed_at_once_is_counted_as_it_was() {
    for store in both(ROOM) {
        for (before, after) in [(1_500, 800), (800, 1_500), (800, u32::MAX)] {
            put(&*store, b"a", entry(1, before));
            store.settle(Moment::ORIGIN);
            let kept = entry(2, after);
            put(&*store, b"a", Arc::clone(&kept));
            store.remove(b"a", &kept);
            store.settle(Moment::ORIGIN);
            assert_eq!((store.entries(), store.bytes()), (0, 0), "{before} and then {after}");
        }
    }
}

#[test]
fn everything_goes_at_once_and_gives_back_what_it_took() {
    for store in both(ROOM) {
        for number in 0..1_000_u64 {
            put(&*store, &number.to_le_bytes(), entry(number, 10));
        }
        store.clear();
        assert!((0..1_000_u64).all(|number| store.get(&number.to_le_bytes()).is_none()));
        assert_eq!((store.entries(), store.bytes(), store.evicted()), (0, 0, 0));
        put(&*store, b"a", entry(1, 10));
        assert_eq!(number(store.get(b"a")), Some(1));
    }
}

#[test]
fn bytes_count_keys_values_and_what_keeping_them_takes() {
    each(|new| {
        let (fixed, store) = (fixed(new), new(ROOM));
        put(&*store, &[7; 100], entry(1, 1_000));
        put(&*store, &[8; 50], entry(1, 500));
        put(&*store, &[8; 50], entry(1, 700));
        store.settle(Moment::ORIGIN);
        assert_eq!(store.bytes(), 1_850 + 2 * fixed);
        assert!(fixed > size_of::<Entry>() as u64);
    });
}

#[test]
fn a_large_part_of_the_bound_is_not_kept_and_takes_the_old_entry_along() {
    each(|new| {
        let most = u32::try_from(largest(ROOM) - fixed(new)).unwrap() - 1;
        let store = new(ROOM);
        put(&*store, b"a", entry(1, most));
        assert_eq!(number(store.get(b"a")), Some(1));
        put(&*store, b"a", entry(2, most + 1));
        assert!(store.get(b"a").is_none(), "not even the old one");
        put(&*store, b"a", entry(2, u32::MAX));
        store.settle(Moment::ORIGIN);
        assert_eq!((store.entries(), store.bytes(), store.evicted()), (0, 0, 0));
        put(&*store, b"a", entry(1, 0));
        store.put(b"a", entry(2, u32::MAX), &|_| true);
        assert_eq!(number(store.get(b"a")), Some(1), "unless it stays");
    });
}

#[test]
fn a_store_without_room_keeps_nothing() {
    for max_bytes in [0, 1, 100] {
        for store in both(max_bytes) {
            put(&*store, b"a", entry(1, 0));
            assert!(store.get(b"a").is_none());
            store.settle(Moment::ORIGIN);
            store.clear();
            assert_eq!((store.entries(), store.bytes()), (0, 0));
        }
    }
}

/// A store that has room for eight entries of one weight, and seven of them in it.
fn nearly_full(new: &dyn Fn(u64) -> Box<dyn Store>) -> Box<dyn Store> {
    let store = new((fixed(new) + 1) * 8 + 7);
    for key in 0..8 {
        put(&*store, &[key], entry(key.into(), 0));
    }
    store.settle(Moment::ORIGIN);
    assert_eq!((store.entries(), store.evicted()), (8, 0));
    store
}

#[test]
fn what_was_not_used_goes_before_what_was() {
    each(|new| {
        let store = nearly_full(new);
        for key in [0, 1, 2, 3, 5, 6, 7] {
            assert!(store.get(&[key]).is_some());
        }
        store.settle(Moment::ORIGIN);
        put(&*store, &[8], entry(8, 0));
        store.settle(Moment::ORIGIN);
        assert!(store.get(&[4]).is_none());
        assert!([0, 1, 2, 3, 5, 6, 7, 8].iter().all(|key| store.get(&[*key]).is_some()));
        assert_eq!((store.entries(), store.evicted()), (8, 1), "counted once");
    });
}

#[test]
fn how_long_an_entry_may_be_used_does_not_change_who_goes() {
    each(|new| {
        let store = new((fixed(new) + 1) * 8 + 7);
        for key in 0..8_u8 {
            let fresh = LONG - u64::from(key) * 1_000_000_000;
            put(&*store, &[key], entry_of(Arc::new(u64::from(key)), 0, fresh, 0));
        }
        store.settle(Moment::ORIGIN);
        put(&*store, &[8], entry(8, 0));
        store.settle(Moment::ORIGIN);
        assert!(store.get(&[0]).is_none(), "the eldest");
        assert!((1..9).all(|key| store.get(&[key]).is_some()));
    });
}

#[test]
fn a_peek_is_no_use_of_a_value() {
    let new = |max_bytes| -> Box<dyn Store> { Box::new(Values::new(max_bytes)) };
    let store = nearly_full(&new);
    assert!(store.peek(&[0]).is_some());
    put(&*store, &[8], entry(8, 0));
    assert!(store.peek(&[0]).is_none());
}

#[test]
fn what_has_expired_is_no_longer_counted_and_is_not_evicted() {
    for store in both(ROOM) {
        for number in 0..100_u64 {
            let fresh = if number < 60 { 1_000 } else { LONG };
            put(&*store, &number.to_le_bytes(), entry_of(Arc::new(number), 500, fresh, 10));
        }
        store.settle(Moment::from_nanos(1_499));
        assert_eq!(store.entries(), 100);
        store.settle(Moment::from_nanos(1_500));
        assert_eq!((store.entries(), store.evicted()), (40, 0));
        assert!(store.get(&7_u64.to_le_bytes()).is_none());
        store.settle(Moment::from_nanos(u64::MAX));
        assert_eq!((store.entries(), store.bytes(), store.evicted()), (0, 0, 0));
    }
}

#[test]
fn values_that_have_expired_go_as_others_come() {
    let store = Values::new(ROOM);
    for number in 0..500_u64 {
        put(&store, &number.to_le_bytes(), entry_of(Arc::new(number), 0, 1_000, 10));
    }
    for number in 500..1_500_u64 {
        put(&store, &number.to_le_bytes(), entry_of(Arc::new(number), 2_000, LONG, 10));
    }
    assert_eq!(store.evicted(), 0);
    assert!(store.entries() < 1_100, "{}", store.entries());
}

/// A value that looks into the store as it is dropped.
struct Nosy(Weak<Values>);

impl Drop for Nosy {
    fn drop(&mut self) {
        if let Some(store) = self.0.upgrade() {
            for key in 0..=255 {
                assert!(store.get(&[key, 1]).is_none());
            }
            store.remove(b"x", &entry(1, 0));
        }
    }
}

#[test]
fn dropping_a_value_may_ask_the_store() {
    let store = Arc::new(Values::new(20_000));
    let nosy = || entry_of(Arc::new(Nosy(Arc::downgrade(&store))), 0, 1_000, 100);
    for key in 0..=255_u8 {
        put(&*store, &[key], nosy());
        put(&*store, &[key], nosy());
    }
    assert!(store.evicted() > 100);
    put(&*store, &[1], entry(1, u32::MAX));
    store.remove(&[255], &store.peek(&[255]).unwrap());
    store.settle(Moment::from_nanos(u64::MAX));
    put(&*store, &[1], nosy());
    store.clear();
}

#[test]
fn keys_that_come_again_and_again_take_no_more_and_more() {
    let store = Values::new(ROOM);
    for number in 0..100_000_u64 {
        let kept = entry(number, 10);
        put(&store, b"a", Arc::clone(&kept));
        store.remove(b"a", &kept);
    }
    assert_eq!((store.entries(), store.bytes()), (0, 0));
    assert_eq!(store.slots(), 1);
}

/// What is done to a store and to a plain map.
#[derive(Clone, Debug)]
enum Step {
    Put { key: u8, bytes: u32, fresh: u64, is_kept: bool },
    Get(u8),
    Remove(u8),
    Clear,
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let put = (0..60_u8, 0..3_000_u32, 1..100_u64, prop::bool::weighted(0.2));
    let step = prop_oneof![
        10 => put.prop_map(|(key, bytes, fresh, is_kept)| Step::Put { key, bytes, fresh, is_kept }),
        6 => (0..60_u8).prop_map(Step::Get),
        2 => (0..60_u8).prop_map(Step::Remove),
        1 => (0..20_u64).prop_map(Step::Wait),
        1 => Just(Step::Clear),
    ];
    prop::collection::vec(step, 1..300)
}

/// What is found is what a map without a bound has, or nothing; the bound holds.
fn holds_what_a_map_holds(store: &dyn Store, max_bytes: u64, steps: Vec<Step>) {
    let (mut map, mut now, mut counter) = (HashMap::<u8, Arc<Entry>>::new(), 0, 0);
    for step in steps {
        match step {
            Step::Put { key, bytes, fresh, is_kept } => {
                counter += 1;
                let entry = entry_of(Arc::new(counter), now, fresh, bytes);
                let was_there = AtomicU64::new(0);
                store.put(&[key], Arc::clone(&entry), &|_| {
                    was_there.fetch_add(1, Ordering::Relaxed);
                    is_kept
                });
                if was_there.into_inner() == 0 || !is_kept {
                    map.insert(key, entry);
                }
            }
            Step::Get(key) => drop(store.get(&[key])),
            Step::Remove(key) => {
                if let Some(entry) = map.remove(&key) {
                    store.remove(&[key], &entry);
                    assert!(store.get(&[key]).is_none());
                }
            }
            Step::Clear => {
                store.clear();
                map.clear();
                assert_eq!((store.entries(), store.bytes()), (0, 0));
            }
            Step::Wait(nanos) => now += nanos,
        }
        for (key, kept) in &map {
            let found = store.peek(&[*key]);
            assert!(found.is_none_or(|found| Arc::ptr_eq(&found, kept)), "another entry of {key}");
        }
    }
    store.settle(Moment::from_nanos(now));
    assert!(store.bytes() <= max_bytes, "{} of {max_bytes}", store.bytes());
    let is_there = |key: &u8| store.peek(&[*key]).is_some();
    let there: Vec<_> = (0..60).filter(is_there).collect();
    assert_eq!(store.entries(), there.len() as u64);
    let alive = |key: &u8| super::until(&map[key]) > Moment::from_nanos(now);
    assert!(there.iter().all(alive), "something that has expired is counted");
    if store.evicted() == 0 && max_bytes > 1 << 30 {
        assert_eq!(there.len(), map.keys().filter(|key| alive(key)).count());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn both_hold_what_a_map_holds(steps in steps(), max_bytes in prop_oneof![
        Just(0_u64), 1_u64..50_000, 100_000_u64..2_000_000, Just(1 << 40)
    ]) {
        for store in both(max_bytes) {
            holds_what_a_map_holds(&*store, max_bytes, steps.clone());
        }
    }

    #[test]
    fn values_stay_within_the_bound_after_each_put(weights in prop::collection::vec(0_u32..200_000, 1..500)) {
        let store = Values::new(ROOM);
        for (key, weight) in weights.into_iter().enumerate() {
            put(&store, &key.to_le_bytes(), entry(0, weight));
            prop_assert!(store.bytes() <= ROOM);
        }
    }
}

#[test]
fn many_threads_find_whole_entries_and_leave_the_right_sum() {
    for store in both(200_000) {
        let store = &*store;
        thread::scope(|scope| {
            for thread in 0..4_u64 {
                scope.spawn(move || at_random(store, thread));
            }
        });
        store.settle(Moment::ORIGIN);
        assert!(store.bytes() <= 200_000, "{}", store.bytes());
        let there = (0..500_u64).filter(|key| store.peek(&key.to_le_bytes()).is_some()).count();
        assert_eq!(store.entries(), there as u64);
        store.settle(Moment::from_nanos(u64::MAX));
        assert_eq!((store.entries(), store.bytes()), (0, 0));
    }
}

fn at_random(store: &dyn Store, thread: u64) {
    let mut random = Random(thread);
    for _ in 0..20_000 {
        let key = random.next() % 500;
        let bytes = key.to_le_bytes();
        match random.next() % 8 {
            0..4 => assert!(number(store.get(&bytes)).is_none_or(|number| number == key)),
            4..7 => put(store, &bytes, entry(key, u32::try_from(random.next() % 2_000).unwrap())),
            _ => {
                if let Some(entry) = store.peek(&bytes) {
                    store.remove(&bytes, &entry);
                }
            }
        }
    }
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let bits = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }
}

/// Keys of which the n-th comes in proportion to n to the power of minus `skew`.
fn zipf(keys: u32, skew: f64, length: usize) -> Vec<u64> {
    let mut sum = 0.0;
    let sums: Vec<f64> = (1..=keys)
        .map(|rank| {
            sum += f64::from(rank).powf(-skew);
            sum
        })
        .collect();
    let mut random = Random(7);
    #[expect(clippy::cast_precision_loss, reason = "a number between nothing and one")]
    let mut key = || {
        let chosen = (random.next() >> 11) as f64 / (1_u64 << 53) as f64 * sum;
        sums.partition_point(|until| *until < chosen) as u64
    };
    (0..length).map(|_| key()).collect()
}

/// The part of the second half of a trace that is hit.
fn hit_ratio(trace: &[u64], mut is_hit: impl FnMut(u64) -> bool) -> f64 {
    for key in &trace[..trace.len() / 2] {
        is_hit(*key);
    }
    let counted = &trace[trace.len() / 2..];
    let hits = counted.iter().filter(|key| is_hit(**key)).count();
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    let ratio = hits as f64 / counted.len() as f64;
    ratio
}

#[test]
fn values_are_found_as_often_as_by_moka() {
    let fixed = fixed(|max_bytes| Box::new(Values::new(max_bytes)));
    for skew in [0.8, 1.0, 1.2] {
        let trace = zipf(10_000, skew, 100_000);
        for room in [100, 2_000] {
            let moka = Moka::new(room);
            let of_moka = hit_ratio(&trace, |key| {
                let is_hit = moka.get(&key).is_some();
                if !is_hit {
                    moka.insert(key, ());
                }
                is_hit
            });
            let values = Values::new(room * (fixed + 8));
            let ours = hit_ratio(&trace, |key| {
                let bytes = key.to_le_bytes();
                let is_hit = values.get(&bytes).is_some();
                if !is_hit {
                    put(&values, &bytes, entry(key, 0));
                }
                is_hit
            });
            assert!(ours > of_moka - 0.01, "s = {skew}, room for {room}: {ours:.4}, moka {of_moka:.4}");
        }
    }
}
