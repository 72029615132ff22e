//! What is yet to be told, and which orders are known.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::called::Called;
use super::super::remote::Order;
use super::News;

/// So many breakers are remembered of which news are yet to be told, and so many that are under orders.
const MOST: usize = 4_096;

/// News on their way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unsent {
    pub(super) called: Called,
    pub(super) news: News,
}

#[derive(Debug, Default)]
pub(super) struct Status {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The latest of each breaker.
    unsent: HashMap<Called, News>,
    orders: HashMap<Called, Order>,
    /// Something may have been missed.
    has_to_look: bool,
    /// Somebody sees to it.
    is_at_work: bool,
}

impl Status {
    /// What has to be told. Of too many breakers some are not: hints are what can be missed.
    pub(super) fn note(&self, Unsent { called, news }: Unsent) {
        let mut kept = self.kept();
        if kept.unsent.len() < MOST || kept.unsent.contains_key(&called) {
            kept.unsent.insert(called, news);
        }
    }

    /// What could not be told, unless there are later news.
    pub(super) fn put_back(&self, Unsent { called, news }: Unsent) {
        let mut kept = self.kept();
        if kept.unsent.len() < MOST {
            kept.unsent.entry(called).or_insert(news);
        }
    }

    /// One of those that have to be told.
    pub(super) fn take_unsent(&self) -> Option<Unsent> {
        let mut kept = self.kept();
        let called = kept.unsent.keys().next().cloned()?;
        let news = kept.unsent.remove(&called)?;
        Some(Unsent { called, news })
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
    use crate::core::Moment;

    fn unsent(number: usize, news: News) -> Unsent {
        Unsent { called: Called::site(&number.to_string(), None), news }
    }

    #[test]
    fn of_one_breaker_the_latest_news_are_told_and_once() {
        let status = Status::default();
        status.note(unsent(1, News::Opened(Moment::ORIGIN)));
        let late = status.take_unsent().unwrap();
        status.note(unsent(1, News::Closed));
        status.put_back(late);
        assert_eq!(status.take_unsent(), Some(unsent(1, News::Closed)));
        assert_eq!(status.take_unsent(), None);
    }

    #[test]
    fn news_of_no_more_than_so_many_breakers_wait() {
        let status = Status::default();
        for number in 0..=MOST {
            status.note(unsent(number, News::Closed));
            status.put_back(unsent(number, News::Closed));
        }
        assert_eq!(std::iter::from_fn(|| status.take_unsent()).count(), MOST);
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
