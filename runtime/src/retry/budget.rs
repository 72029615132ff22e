//! How many retries there may be among all calls, so that what is behind them is not asked the more often the worse it is.
//!
//! Each call earns a part of a retry, a retry costs a whole one. Where there are few calls they would earn none for long, so a small
//! reserve fills up again by itself.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::core::Moment;

/// A retry, in the parts in which calls earn it.
const WHOLE: u64 = 1_000_000;
/// So many retries are there at the start, whatever calls have earned.
const RESERVE: u64 = 10 * WHOLE;
/// Where there are fewer, one comes back after so many nanoseconds.
const REFILL: u64 = 1_000_000_000;
/// No more than so many are saved, so that a long time without failures does not pay for a storm.
const MOST: u64 = 100 * WHOLE;

/// The budget of a site, or of those that share one.
#[derive(Debug)]
pub(crate) struct Budget {
    saved: AtomicU64,
    /// Up to which moment the reserve was filled, in nanoseconds.
    filled: AtomicU64,
}

impl Budget {
    /// With its reserve.
    pub(crate) const fn new() -> Self {
        Self { saved: AtomicU64::new(RESERVE), filled: AtomicU64::new(0) }
    }

    /// A call is made, and earns so much of a retry, in parts per million. Where as much is saved as may be, nothing is written.
    #[inline]
    pub(crate) fn earn(&self, parts: u32) {
        if self.saved.load(Ordering::Relaxed) < MOST {
            self.save(u64::from(parts), MOST);
        }
    }

    /// Whether there is a retry left, which is then spent.
    pub(crate) fn spend(&self, now: Moment) -> bool {
        self.refill(now);
        let spent =
            self.saved.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |saved| saved.checked_sub(WHOLE));
        spent.is_ok()
    }

    /// How many retries are left.
    pub(crate) fn left(&self, now: Moment) -> u64 {
        self.refill(now);
        self.saved.load(Ordering::Relaxed) / WHOLE
    }

    fn refill(&self, now: Moment) {
        let filled = self.filled.load(Ordering::Relaxed);
        let times = now.nanos_since(Moment::from_nanos(filled)) / REFILL;
        if times == 0 {
            return;
        }
        // Whoever is first fills it up, and nobody fills it twice.
        let until = filled.saturating_add(times.saturating_mul(REFILL));
        let first = self.filled.compare_exchange(filled, until, Ordering::Relaxed, Ordering::Relaxed);
        if first.is_ok() {
            self.save(times.saturating_mul(WHOLE), RESERVE);
        }
    }

    /// Adds to what is saved, up to that.
    fn save(&self, more: u64, most: u64) {
        let add = |saved: u64| (saved < most).then(|| saved.saturating_add(more).min(most));
        // It is an error where there is enough already.
        let _ = self.saved.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::thread;
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    const START: Moment = Moment::ORIGIN;
    const TENTH: u32 = 100_000;

    fn spends(budget: &Budget, now: Moment) -> usize {
        (0..1_000_000).take_while(|_| budget.spend(now)).count()
    }

    fn after(millis: u64) -> Moment {
        START.saturating_add(Duration::from_millis(millis))
    }

    #[test]
    fn a_reserve_is_there_at_the_start() {
        let budget = Budget::new();
        assert_eq!(budget.left(START), 10);
        assert_eq!((spends(&budget, START), budget.left(START)), (10, 0));
    }

    #[test]
    fn each_call_earns_its_part() {
        let budget = Budget::new();
        spends(&budget, START);
        (0..9).for_each(|_| budget.earn(TENTH));
        assert!(!budget.spend(START));
        budget.earn(TENTH);
        assert!(budget.spend(START));
        assert!(!budget.spend(START));
    }

    #[test]
    fn a_call_may_earn_several() {
        let budget = Budget::new();
        spends(&budget, START);
        budget.earn(2_500_000);
        assert_eq!(spends(&budget, START), 2);
        budget.earn(2_500_000);
        assert_eq!(spends(&budget, START), 3);
    }

    #[test]
    fn the_reserve_comes_back_by_itself_and_no_more_than_that() {
        let budget = Budget::new();
        spends(&budget, START);
        for (millis, expected) in [(999, 0), (1_000, 1), (1_999, 0), (3_999, 2), (4_000, 1), (3_600_000, 10)]
        {
            assert_eq!(spends(&budget, after(millis)), expected, "after {millis} ms");
        }
    }

    #[test]
    fn a_clock_that_steps_back_fills_nothing() {
        let budget = Budget::new();
        spends(&budget, after(10_000));
        assert_eq!(spends(&budget, after(5_000)), 0);
        assert_eq!(spends(&budget, after(11_000)), 1);
    }

    #[test]
    fn what_is_saved_is_bounded() {
        let budget = Budget::new();
        (0..1_000).for_each(|_| budget.earn(10_000_000));
        assert_eq!(budget.left(START), 100);
        assert_eq!(spends(&budget, after(1_000_000)), 100, "the reserve adds nothing to it");
    }

    #[test]
    fn threads_spend_no_more_than_there_is() {
        let (budget, spent) = (Budget::new(), AtomicUsize::new(0));
        spends(&budget, START);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..1_000 {
                        budget.earn(500_000);
                        spent.fetch_add(usize::from(budget.spend(START)), Ordering::Relaxed);
                    }
                });
            }
        });
        let spent = spent.into_inner() as u64;
        assert!(spent <= 2_000);
        assert_eq!(spent + budget.left(START), 2_000.min(spent + 100));
    }

    proptest! {
        #[test]
        fn there_are_never_more_retries_than_were_earned_the_reserve_and_what_came_back(
            earned in 1_u32..2_000_000,
            steps in prop::collection::vec((0_u64..3_000, 0_u32..20, 0_u32..20), 1..60),
        ) {
            let budget = Budget::new();
            let (mut millis, mut calls, mut spent) = (0, 0, 0);
            for (passes, makes, tries) in steps {
                millis += passes;
                calls += u64::from(makes);
                (0..makes).for_each(|_| budget.earn(earned));
                spent += (0..tries).filter(|_| budget.spend(after(millis))).count() as u64;
                let at_most = RESERVE + calls * u64::from(earned) + (millis / 1_000) * WHOLE;
                prop_assert!(spent * WHOLE <= at_most);
                prop_assert!(budget.left(after(millis)) <= 100);
            }
        }
    }
}
