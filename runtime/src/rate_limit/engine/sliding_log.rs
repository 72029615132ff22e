//! The log: every charge of the last period with its moment, which leaves exactly one period later.
//!
//! The one that holds the quota in any period, wherever that begins, and the dearest: it takes room for each charge. However
//! high its cost, a charge is one entry, and so are those of one moment.

use std::collections::VecDeque;

use super::{Charge, Counter, Since, Standing, State, told_apart};
use crate::core::Moment;
use crate::rate_limit::policy::Rate;

/// How many charges a log tells apart. A limit's quota is no higher, so this is reached only by rates that a function
/// or a configuration chose: then the newest ones leave together, as late as the last of them.
const MOST_ENTRIES: usize = 10_000;

/// The charges of the last period, the oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::rate_limit) struct Log {
    entries: VecDeque<Entry>,
    /// What all entries cost together, those included that are over.
    used: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    at: Moment,
    cost: u32,
}

impl Log {
    /// How many entries it keeps.
    pub(in crate::rate_limit) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Makes the next charge one entry with the newest, which so leaves later: no more passes than with two.
    pub(in crate::rate_limit) fn join_newest(&mut self, rate: &Rate, now: Moment) {
        if let Some(newest) = self.entries.back_mut().filter(|newest| !newest.is_over(rate, now)) {
            newest.at = newest.at.max(now);
        }
    }

    fn over<'a>(&'a self, rate: &'a Rate, now: Moment) -> impl Iterator<Item = &'a Entry> {
        self.entries.iter().take_while(move |entry| entry.is_over(rate, now))
    }

    /// What the last period cost.
    fn used(&self, rate: &Rate, now: Moment) -> u64 {
        let over: u64 = self.over(rate, now).map(|entry| u64::from(entry.cost)).sum();
        self.used.saturating_sub(over)
    }

    /// Drops what is over, and memory of which most is not needed any more.
    pub(in crate::rate_limit) fn forget(&mut self, rate: &Rate, now: Moment) {
        while let Some(oldest) = self.entries.front().filter(|oldest| oldest.is_over(rate, now)) {
            self.used = self.used.saturating_sub(oldest.cost.into());
            self.entries.pop_front();
        }
        if self.entries.capacity() > 4 * self.entries.len().max(4) {
            self.entries.shrink_to(2 * self.entries.len());
        }
    }

    fn push(&mut self, rate: &Rate, now: Moment, cost: u32) {
        self.used = self.used.saturating_add(cost.into());
        if self.entries.len() >= MOST_ENTRIES {
            self.join_newest(rate, now);
        }
        match self.entries.back_mut() {
            // Also where the clock has stepped back: entries stay in order, and none leaves too early.
            Some(newest) if newest.at >= now => newest.cost = newest.cost.saturating_add(cost),
            _ => self.entries.push_back(Entry { at: now, cost }),
        }
    }
}

impl Entry {
    fn is_over(&self, rate: &Rate, now: Moment) -> bool {
        now.nanos_since(self.at) >= rate.period_nanos()
    }
}

impl Counter for Log {
    told_apart!(SlidingLog);

    fn remaining(counter: Option<&Self>, rate: &Rate, now: Moment) -> u32 {
        let used = counter.map_or(0, |log| log.used(rate, now));
        rate.quota().saturating_sub(u32::try_from(used).unwrap_or(u32::MAX))
    }

    fn wait(counter: Option<&Self>, rate: &Rate, now: Moment, cost: u32) -> u64 {
        let Some(log) = counter else { return 0 };
        let mut needed = (log.used(rate, now) + u64::from(cost)).saturating_sub(rate.quota().into());
        if needed == 0 {
            return 0;
        }
        for entry in log.entries.iter().skip(log.over(rate, now).count()) {
            needed = needed.saturating_sub(entry.cost.into());
            if needed == 0 {
                return Since::new(entry.at, now).until(rate.period_nanos());
            }
        }
        0
    }

    fn charge(counter: Option<Self>, rate: &Rate, now: Moment, cost: u32) -> Option<Self> {
        if cost == 0 {
            return counter;
        }
        let mut log = counter.unwrap_or_default();
        log.forget(rate, now);
        log.push(rate, now, cost);
        Some(log)
    }

    fn give_back(mut self, rate: &Rate, charge: Charge, now: Moment, permits: u32) -> Option<Self> {
        self.forget(rate, now);
        if now.nanos_since(charge.at) >= rate.period_nanos() {
            return Some(self);
        }
        // That of the charge, or the one that it became part of.
        let place = self.entries.partition_point(|entry| entry.at < charge.at);
        if let Some(entry) = self.entries.get_mut(place) {
            let given_back = entry.cost.min(permits);
            entry.cost -= given_back;
            self.used = self.used.saturating_sub(given_back.into());
            if entry.cost == 0 {
                self.entries.remove(place);
            }
        }
        Some(self)
    }

    /// What others used counts as used now, because nothing tells when it was.
    fn absorb(counter: Option<Self>, rate: &Rate, told: Standing, now: Moment) -> Option<Self> {
        let own = Self::remaining(counter.as_ref(), rate, now);
        Self::charge(counter, rate, now, own.saturating_sub(told.remaining))
    }

    fn expires_at(&self, rate: &Rate) -> Moment {
        let newest = self.entries.back();
        newest.map_or(Moment::ORIGIN, |newest| newest.at.saturating_add_nanos(rate.period_nanos()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::suite::{Budget, SECOND};
    use super::super::{Standing, Verdict};
    use super::*;
    use crate::rate_limit::policy::Algorithm;

    fn log(quota: u32, period_nanos: u64) -> Budget {
        Budget::new(Algorithm::SlidingLog, quota, period_nanos)
    }

    fn entries(budget: &Budget) -> usize {
        budget.state.as_ref().and_then(Log::of).map_or(0, Log::len)
    }

    #[test]
    fn those_of_the_first_half_second_make_room_for_as_many() {
        let mut log = log(10, 2 * SECOND);
        for _ in 0..5 {
            assert!(log.take(1));
            log.now += SECOND / 10;
        }
        log.now += SECOND * 8 / 10;
        assert_eq!(log.drain(), 5);
        log.now += SECOND * 7 / 10 - 1;
        assert_eq!(log.drain(), 0);
        log.now += SECOND * 4 / 10 + 1;
        assert_eq!(log.drain(), 5);
    }

    #[test]
    fn the_wait_is_told_from_the_oldest() {
        let mut log = log(2, 60 * SECOND);
        for _ in 0..2 {
            assert!(log.take(1));
            log.now += SECOND;
        }
        assert_eq!(log.check(1), Verdict::NotYet { wait_nanos: 58 * SECOND });
        assert_eq!(log.check(2), Verdict::NotYet { wait_nanos: 59 * SECOND });
        assert_eq!(log.standing(), Standing { remaining: 0, grows_in_nanos: 58 * SECOND });
    }

    #[test]
    fn a_cost_of_a_million_is_one_entry() {
        let mut log = log(1_000_000, SECOND);
        assert!(log.take(999_999));
        assert_eq!((log.remaining(), entries(&log)), (1, 1));
    }

    #[test]
    fn a_log_is_bounded_and_then_stricter() {
        let mut log = log(1_000_000, SECOND);
        for _ in 0..20_000 {
            assert!(log.take(1));
            log.now += 10;
        }
        assert_eq!((entries(&log), log.remaining()), (MOST_ENTRIES, 980_000));
        log.now += SECOND - 11;
        assert_eq!(log.remaining(), 980_000 + 9_999, "the newest leave together");
        log.now += 1;
        assert_eq!(log.remaining(), 1_000_000);
    }

    #[test]
    fn a_log_that_was_long_gives_its_memory_back() {
        let mut log = log(5_000, SECOND);
        for _ in 0..5_000 {
            assert!(log.take(1));
            log.now += 1;
        }
        log.now += SECOND;
        assert!(log.take(1));
        let capacity = log.state.as_ref().and_then(Log::of).map(|log| log.entries.capacity());
        assert!(capacity < Some(100), "{capacity:?} entries");
    }

    #[test]
    fn one_that_joined_the_newest_leaves_with_it_and_no_earlier() {
        let mut log = log(5, SECOND);
        assert!(log.take(2));
        log.now += SECOND / 2;
        let (rate, now) = (log.rate, log.moment());
        if let Some(State::SlidingLog(log)) = &mut log.state {
            log.join_newest(&rate, now);
        }
        assert!(log.take(1));
        assert_eq!(entries(&log), 1);
        log.now += SECOND - 1;
        assert_eq!(log.remaining(), 2);
        log.now += 1;
        assert_eq!(log.remaining(), 5);
    }

    #[test]
    fn what_is_over_is_not_given_back() {
        let mut log = log(5, SECOND);
        let charge = log.charged();
        assert!(log.take(2));
        log.now += SECOND;
        assert!(log.take(3));
        log.give_back(2, charge);
        assert_eq!(log.remaining(), 2);
    }

    proptest! {
        #[test]
        fn no_period_wherever_it_begins_has_more_than_the_quota(
            quota in 1_u32..20, requests in prop::collection::vec((1_u32..5, 0_u64..400_000_000), 1..200),
        ) {
            let mut log = log(quota, SECOND);
            let mut admitted = Vec::new();
            for (cost, pause) in requests {
                log.now += pause;
                if log.take(cost) {
                    admitted.push((log.now, cost));
                }
                let recent = admitted.iter().filter(|(at, _)| log.now - at < SECOND);
                let recent: u32 = recent.map(|(_, cost)| cost).sum();
                prop_assert_eq!(log.remaining(), quota - recent);
            }
        }
    }
}
