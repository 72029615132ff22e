//! The order of rows, and which of them are asked for.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::paging::{Paginate, Paging};
use super::value::{Direction, PageValue};

/// One field of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SortKey {
    /// The place of the field.
    pub(super) place: u8,
    pub(super) direction: Direction,
}

/// By what rows are sorted, the most important field first. The key is there and last, so no two rows are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Order(SmallVec<[SortKey; 4]>);

/// One thing that rows must be equal to.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    /// The place of the field.
    pub(super) place: u8,
    /// As it was written, which is how links and cursors write it: a type of the user's may read more than it shows.
    pub(super) text: String,
    pub(super) value: PageValue<'static>,
}

impl Order {
    /// An order by these fields, completed by the key. It goes the way of the field before it, so that one comparison of rows
    /// does for a database, and one index is read in one direction. What follows the key has nothing left to say.
    pub(super) fn new(fields: impl IntoIterator<Item = SortKey>, paging: &Paging) -> Self {
        let key = paging.key_place();
        let mut keys = SmallVec::new();
        let mut direction = Direction::Ascending;
        for field in fields {
            direction = field.direction;
            keys.push(field);
            if field.place == key {
                return Self(keys);
            }
        }
        keys.push(SortKey { place: key, direction });
        Self(keys)
    }

    pub(super) fn keys(&self) -> &[SortKey] {
        &self.0
    }

    /// Which of two rows comes first.
    pub(super) fn compare<T: Paginate>(&self, one: &T, other: &T) -> Ordering {
        let by = |key: &SortKey| {
            let place = usize::from(key.place);
            one.field(place).compare(&other.field(place), key.direction)
        };
        self.0.iter().map(by).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Whether a row comes before or after where a cursor stands.
    pub(super) fn compare_to_bound<T: Paginate>(&self, row: &T, bound: &[PageValue<'static>]) -> Ordering {
        let by = |(key, value): (&SortKey, &PageValue<'static>)| {
            row.field(usize::from(key.place)).compare(value, key.direction)
        };
        self.0.iter().zip(bound).map(by).find(|ordering| ordering.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// Filters that ask for the same rows are the same, however they are written.
impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place && self.value == other.value
    }
}

impl Filter {
    /// Whether a row is asked for.
    pub(super) fn admits<T: Paginate>(&self, row: &T) -> bool {
        row.field(usize::from(self.place)) == self.value
    }
}
