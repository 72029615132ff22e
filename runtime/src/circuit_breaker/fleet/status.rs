//! What is yet to be told, and which orders are known.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::called::Called;
use super::super::remote::Order;

/// So many breakers are remembered of which news are yet to be told, and so many that are under orders.
const MOST: usize = 4_096;

#[derive(Debug, Default)]
pub(super) struct Status {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// What has changed. How it stands is asked when it is told.
    unsent: HashSet<Called>,
    orders: HashMap<Called, Order>,
    /// Something may have been missed.
    has_to_look: bool,
    /// Somebody sees to it.
    is_at_work: bool,
}

impl Status {
    /// A breaker of which there are news. Of too many some are not told: hints are what can be missed.
    pub(super) fn note(&self, called: &Called) {
        let mut kept = self.kept();
        if kept.unsent.len() < MOST {
            kept.unsent.insert(called.clone());
        }
    }

    /// There is nothing to tell of it any more.
    pub(super) fn forget(&self, called: &Called) {
        self.kept().unsent.remove(called);
    }

    /// One of those that have to be told.
    pub(super) fn take_unsent(&self) -> Option<Called> {
        let mut kept = self.kept();
        let called = kept.unsent.iter().next().cloned()?;
        kept.unsent.take(&called)
    }

    /// Somebody has to look for what was missed.
    pub(super) fn look(&self) {
        self.kept().has_to_look = true;
    }

    pub(super) fn takes_look(&self) -> bool {
        std::mem::take(&mut self.kept().has_to_look)
    }

    /// Whether somebody has to begin, now.
    pub(super) fn begins_work(&self) -> bool {
        !std::mem::replace(&mut self.kept().is_at_work, true)
    }

    /// Whether there is nothing more to do, now.
    pub(super) fn ends_work(&self) -> bool {
        let mut kept = self.kept();
        let is_done = kept.unsent.is_empty() && !kept.has_to_look;
        kept.is_at_work = !is_done;
        is_done
    }

    pub(super) fn order_for(&self, called: &Called) -> Option<Order> {
        self.kept().orders.get(called).copied()
    }

    /// Notes an order; `false` where there is no room for another breaker's.
    pub(super) fn learn(&self, called: &Called, order: Order) -> bool {
        let mut kept = self.kept();
        let has_room = kept.orders.len() < MOST || kept.orders.contains_key(called);
        if has_room {
            kept.orders.insert(called.clone(), order);
        }
        has_room
    }

    /// All orders that are known here.
    pub(super) fn orders(&self) -> Vec<(Called, Order)> {
        self.kept().orders.iter().map(|(called, order)| (called.clone(), *order)).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(number: usize) -> Called {
        Called::site(&number.to_string())
    }

    #[test]
    fn news_of_one_breaker_are_told_once_and_of_no_more_than_so_many() {
        let status = Status::default();
        for number in 0..=MOST {
            status.note(&named(number));
            status.note(&named(number));
        }
        status.forget(&named(7));
        assert_eq!(std::iter::from_fn(|| status.take_unsent()).count(), MOST - 1);
    }

    #[test]
    fn one_is_at_work_until_there_is_nothing_more_to_do() {
        let status = Status::default();
        assert!(status.begins_work() && !status.begins_work());
        status.look();
        assert!(!status.ends_work() && !status.begins_work());
        assert!(status.takes_look() && !status.takes_look());
        assert!(status.ends_work() && status.begins_work());
    }
}
