//! Marks that were thrown away here, and that the server has yet to hear of.

use std::collections::HashSet;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::marks::Mark;

/// So many are remembered. Of more, all that is kept is that everything has to go.
const MOST: usize = 4_096;

/// What is remembered.
#[derive(Debug, Default)]
pub(super) struct Unsent {
    status: Mutex<Status>,
}

#[derive(Debug, Default)]
struct Status {
    marks: HashSet<Mark>,
    /// How many are on their way that the server should have heard of before.
    late: usize,
}

/// Marks on their way. Dropping it remembers those that did not arrive.
#[derive(Debug)]
pub(super) struct Parcel<'a> {
    unsent: &'a Unsent,
    pub(super) marks: Vec<Mark>,
    is_late: bool,
}

/// What has to be done before a server is believed.
#[derive(Debug)]
pub(super) enum Duty<'a> {
    Nothing,
    /// Somebody else is about to tell it.
    Wait,
    Tell(Parcel<'a>),
}

impl Unsent {
    /// These marks, and all that were left over.
    pub(super) fn with(&self, marks: &[Mark]) -> Parcel<'_> {
        let mut status = self.status();
        let is_late = !status.marks.is_empty();
        let mut all: Vec<_> = mem::take(&mut status.marks).into_iter().collect();
        all.extend(marks);
        status.late += usize::from(is_late);
        Parcel { unsent: self, marks: all, is_late }
    }

    /// What was left over.
    pub(super) fn duty(&self) -> Duty<'_> {
        let (is_empty, late) = {
            let status = self.status();
            (status.marks.is_empty(), status.late)
        };
        match (is_empty, late) {
            (true, 0) => Duty::Nothing,
            (true, _) => Duty::Wait,
            (false, _) => Duty::Tell(self.with(&[])),
        }
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Parcel<'_> {
    /// The first so many have arrived.
    pub(super) fn arrived(&mut self, count: usize) {
        self.marks.drain(..count.min(self.marks.len()));
    }
}

impl Drop for Parcel<'_> {
    fn drop(&mut self) {
        let mut status = self.unsent.status();
        status.marks.extend(self.marks.drain(..));
        if status.marks.len() > MOST || status.marks.contains(&Mark::ALL) {
            status.marks = HashSet::from([Mark::ALL]);
        }
        status.late -= usize::from(self.is_late);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_nothing(unsent: &Unsent) -> bool {
        matches!(unsent.duty(), Duty::Nothing)
    }

    #[test]
    fn what_did_not_arrive_is_told_later_and_until_then_nobody_is_believed() {
        let (unsent, [first, second]) = (Unsent::default(), ["a", "b"].map(Mark::tag));
        assert!(is_nothing(&unsent));
        let mut parcel = unsent.with(&[first, second]);
        assert!(is_nothing(&unsent), "what is on its way for the first time holds nobody up");
        parcel.arrived(1);
        drop(parcel);
        let Duty::Tell(mut parcel) = unsent.duty() else { panic!("it is forgotten") };
        assert_eq!(parcel.marks, [second]);
        assert!(matches!(unsent.duty(), Duty::Wait));
        parcel.arrived(1);
        drop(parcel);
        assert!(is_nothing(&unsent));
    }

    #[test]
    fn what_is_left_over_goes_with_the_next_purge() {
        let (unsent, [first, second]) = (Unsent::default(), ["a", "b"].map(Mark::tag));
        drop(unsent.with(&[first]));
        let mut parcel = unsent.with(&[second]);
        assert_eq!(parcel.marks, [first, second]);
        assert!(matches!(unsent.duty(), Duty::Wait));
        parcel.arrived(9);
        drop(parcel);
        assert!(is_nothing(&unsent));
    }

    #[test]
    fn of_too_many_all_that_is_remembered_is_that_everything_goes() {
        let unsent = Unsent::default();
        for number in 0..=MOST {
            drop(unsent.with(&[Mark::tag(&number.to_string())]));
        }
        let Duty::Tell(parcel) = unsent.duty() else { panic!("it is forgotten") };
        assert_eq!(parcel.marks, [Mark::ALL]);
    }
}
