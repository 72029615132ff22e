//! How much is found where there is not room for everything.

use ::moka::sync::Cache as MokaCache;
use ::quick_cache::sync::Cache as QuickCache;
use tollgate::__private::Shelf;

use super::{Sizes, zipf::zipf};
use crate::markdown::Table;

/// How much seldomer the n-th key comes than the first one: by n to this power.
const SKEWS: [f64; 3] = [0.8, 1.0, 1.2];
/// The parts of all keys that there is room for, in hundredths.
const ROOMS: [u32; 3] = [1, 10, 30];

/// The parts of what was looked for that were found, of one trace and one size.
#[derive(Clone, Copy, Debug)]
pub struct Ratios {
    pub(super) skew: f64,
    pub(super) room: u32,
    pub(super) values: f64,
    pub(super) answers: f64,
    pub(super) moka: f64,
    pub(super) quick_cache: f64,
}

/// All traces, all sizes.
#[must_use]
pub fn measure_ratios(sizes: Sizes) -> Vec<Ratios> {
    let traces = SKEWS.map(|skew| (skew, zipf(sizes.traced, skew, sizes.trace)));
    let both = traces.iter().flat_map(|trace| ROOMS.map(|room| (trace, room)));
    both.map(|((skew, trace), room)| ratios(*skew, trace, room, sizes.traced * room / 100)).collect()
}

fn ratios(skew: f64, trace: &[u32], room: u32, entries: u32) -> Ratios {
    let moka = MokaCache::new(entries.into());
    let quick_cache = QuickCache::new(entries as usize);
    Ratios {
        skew,
        room,
        values: of_shelf(trace, Shelf::of_values, entries),
        answers: of_shelf(trace, Shelf::of_answers, entries),
        moka: ratio(trace, |key| moka.get(&key).is_some(), |key| moka.insert(key, ())),
        quick_cache: ratio(trace, |key| quick_cache.get(&key).is_some(), |key| quick_cache.insert(key, ())),
    }
}

/// Of a shelf with room for so many.
fn of_shelf(trace: &[u32], new: fn(u64) -> Shelf, entries: u32) -> f64 {
    let put = |shelf: &Shelf, key: u32| shelf.put(&key.to_le_bytes(), key.into(), 8);
    let one = new(1 << 20);
    put(&one, 0);
    let shelf = new(one.size().1 * u64::from(entries));
    ratio(trace, |key| shelf.has(&key.to_le_bytes()), |key| put(&shelf, key))
}

/// The part of the second half that was found: by then it is full.
fn ratio(trace: &[u32], has: impl Fn(u32) -> bool, put: impl Fn(u32)) -> f64 {
    let is_hit = |key: &&u32| {
        let is_hit = has(**key);
        if !is_hit {
            put(**key);
        }
        is_hit
    };
    let (first, counted) = trace.split_at(trace.len() / 2);
    let _ = first.iter().filter(is_hit).count();
    #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
    let ratio = counted.iter().filter(is_hit).count() as f64 / counted.len() as f64;
    ratio
}

/// The table that is printed.
#[must_use]
pub fn ratio_table(all: &[Ratios]) -> Table<6> {
    let header = ["s", "room for", "our store of values", "our store of answers", "moka", "quick_cache"];
    let mut table = Table::new(header);
    for Ratios { skew, room, values, answers, moka, quick_cache } in all {
        let [values, answers, moka, quick_cache] =
            [values, answers, moka, quick_cache].map(|part| format!("{:.2} %", part * 100.0));
        table.push([format!("{skew:.1}"), format!("{room} %"), values, answers, moka, quick_cache]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::{super::tests::SMALL, *};

    #[test]
    fn more_room_finds_more() {
        let all = measure_ratios(SMALL);
        assert_eq!(all.len(), 9);
        for of_skew in all.chunks(3) {
            let all = |all: &Ratios| [all.values, all.answers, all.moka, all.quick_cache];
            let (less, more) = (all(&of_skew[0]), all(&of_skew[2]));
            assert!(less.iter().zip(more).all(|(less, more)| *less < more), "{of_skew:?}");
        }
    }
}
