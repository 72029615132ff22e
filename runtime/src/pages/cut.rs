//! A page out of many rows: filtered, sorted and cut, with no more rows in hand than the page needs.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// The first rows of an order, out of rows in any order.
#[derive(Debug)]
pub(super) struct Cut<'o, T, C> {
    most: usize,
    /// The last of them on top, which is the first to go.
    rows: BinaryHeap<Ranked<'o, T, C>>,
    compare: &'o C,
}

impl<'o, T, C: Fn(&T, &T) -> Ordering> Cut<'o, T, C> {
    /// Keeps that many rows at most.
    pub(super) fn new(most: usize, compare: &'o C) -> Self {
        Self { most, rows: BinaryHeap::new(), compare }
    }

    pub(super) fn offer(&mut self, row: T) {
        if self.rows.len() < self.most {
            self.rows.push(Ranked { row, compare: self.compare });
        } else if let Some(mut last) = self.rows.peek_mut()
            && (self.compare)(&row, &last.row).is_lt()
        {
            last.row = row;
        }
    }

    /// The rows in order.
    pub(super) fn into_rows(self) -> impl Iterator<Item = T> {
        self.rows.into_sorted_vec().into_iter().map(|ranked| ranked.row)
    }
}

#[derive(Debug)]
struct Ranked<'o, T, C> {
    row: T,
    compare: &'o C,
}

impl<T, C: Fn(&T, &T) -> Ordering> Ord for Ranked<'_, T, C> {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.compare)(&self.row, &other.row)
    }
}

impl<T, C: Fn(&T, &T) -> Ordering> PartialOrd for Ranked<'_, T, C> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T, C: Fn(&T, &T) -> Ordering> PartialEq for Ranked<'_, T, C> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T, C: Fn(&T, &T) -> Ordering> Eq for Ranked<'_, T, C> {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_kept_is_what_a_sort_puts_first(numbers in prop::collection::vec(any::<u8>(), 0..64), most in 0..70_usize) {
            let compare = u8::cmp;
            let mut cut = Cut::new(most, &compare);
            for number in &numbers {
                cut.offer(*number);
                prop_assert!(cut.rows.len() <= most);
            }
            let mut sorted = numbers;
            sorted.sort_unstable();
            sorted.truncate(most);
            prop_assert_eq!(cut.into_rows().collect::<Vec<_>>(), sorted);
        }
    }
}
