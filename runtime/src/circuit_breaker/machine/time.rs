//! A window of time, in ten parts: each leaves it as a whole.

use super::super::engine::Counts;
use super::super::sync::in_one_order;
use super::tagged::Tagged;
use crate::core::Moment;

/// How many parts a window has.
const PARTS: usize = 10;

/// How many bits of a tag say which part of time it is; those above are the generation's.
const EPOCH_BITS: u32 = 24;

/// What a part has counted: 28 bits, and 36 that say for whom.
type Count = Tagged<28>;

/// The results of the last while.
#[derive(Debug)]
pub(super) struct Time {
    /// How many nanoseconds a part has.
    width: u64,
    /// One more than the last part of time in which a call failed or was slow; 40 bits of it.
    trouble: Tagged<40>,
    parts: [Part; PARTS],
}

#[derive(Debug)]
struct Part {
    calls: Count,
    failures: Count,
    slow: Count,
}

impl Time {
    pub(super) fn new(nanos: u64) -> Self {
        let part = |_| Part { calls: Count::new(), failures: Count::new(), slow: Count::new() };
        Self {
            width: (nanos / PARTS as u64).max(1),
            trouble: Tagged::new(),
            parts: std::array::from_fn(part),
        }
    }

    /// What it holds with this result, empty where nothing in it failed or was slow, so that it opens nothing; nothing where the call is of a
    /// former generation.
    ///
    /// Trouble is told before it is counted, and looked for after a success was counted: of two at one time one sees the other, so the result that
    /// makes enough of them is never overlooked.
    pub(super) fn record(
        &self,
        generation: u64,
        failed: bool,
        slow: bool,
        now: Moment,
        is_current: &impl Fn() -> bool,
    ) -> Option<Counts> {
        let is_trouble = failed || slow;
        let epoch = now.as_nanos() / self.width;
        // What most calls are: one more success in a part of time that others have begun.
        if !is_trouble && self.part(epoch)?.calls.count_one(tag(generation, epoch)) {
            in_one_order();
            let is_troubled = self.is_troubled(generation, epoch);
            return Some(if is_troubled { self.counts(generation, now) } else { Counts::default() });
        }
        let now = self.no_earlier(generation, now);
        let epoch = now.as_nanos() / self.width;
        let part = self.part(epoch)?;
        let tag = tag(generation, epoch);
        if is_trouble {
            self.trouble.step(generation, is_current, |last| Some(last.max(epoch + 1)))?;
        }
        let count = |count: &Count| count.step(tag, is_current, |count| Some(up(count)));
        count(&part.calls)?;
        if failed {
            count(&part.failures)?;
        }
        if slow {
            count(&part.slow)?;
        }
        in_one_order();
        let counts = is_trouble || self.is_troubled(generation, epoch);
        Some(if counts { self.counts(generation, now) } else { Counts::default() })
    }

    /// Whether anything in the window that ends with this part failed or was slow.
    #[inline]
    fn is_troubled(&self, generation: u64, epoch: u64) -> bool {
        let last = self.trouble.of(generation);
        last > 0 && epoch < last.saturating_add(PARTS as u64 - 1)
    }

    /// What it holds at that moment.
    pub(super) fn counts(&self, generation: u64, now: Moment) -> Counts {
        let last = now.as_nanos() / self.width;
        let mut counts = Counts::default();
        for epoch in last.saturating_sub(PARTS as u64 - 1)..=last {
            let Some(part) = self.part(epoch) else { continue };
            let of = |count: &Count| u32::try_from(count.of(tag(generation, epoch))).unwrap_or(u32::MAX);
            counts.calls = counts.calls.saturating_add(of(&part.calls));
            counts.failures = counts.failures.saturating_add(of(&part.failures));
            counts.slow = counts.slow.saturating_add(of(&part.slow));
        }
        counts.failures = counts.failures.min(counts.calls);
        counts.slow = counts.slow.min(counts.calls);
        counts
    }

    /// That moment, or the same a window later where its place counts for that part of time already: because this result comes late, or
    /// because the clock has gone back. Then it counts with those of later, so that failures open a circuit whatever the clock does.
    fn no_earlier(&self, generation: u64, now: Moment) -> Moment {
        let next = (now.as_nanos() / self.width).saturating_add(PARTS as u64);
        let is_taken = self.part(next).is_some_and(|part| part.calls.of(tag(generation, next)) > 0);
        if is_taken { now.saturating_add_nanos(self.width.saturating_mul(PARTS as u64)) } else { now }
    }

    #[inline]
    fn part(&self, epoch: u64) -> Option<&Part> {
        self.parts.get(usize::try_from(epoch % PARTS as u64).ok()?)
    }
}

#[inline]
fn tag(generation: u64, epoch: u64) -> u64 {
    generation << EPOCH_BITS | epoch & ((1 << EPOCH_BITS) - 1)
}

/// One more, as far as there is room.
fn up(count: u64) -> u64 {
    (count + 1).min((1 << 28) - 1)
}
