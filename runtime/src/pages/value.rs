//! Values of fields, and which of two comes first.

use std::borrow::Cow;
use std::cmp::Ordering;

/// The value of a field that pages are sorted or filtered by.
#[derive(Clone, Debug, PartialEq)]
pub enum PageValue<'a> {
    /// It is absent: behind all others, in either direction.
    Null,
    /// `false` comes before `true`.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// Any other number; never NaN, which is [`Null`](Self::Null).
    Float(f64),
    /// A text, in the order of its bytes.
    Text(Cow<'a, str>),
}

/// Which end of an order is first. What is absent comes last in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The least first.
    Ascending,
    /// The greatest first: `-` before the name of a field.
    Descending,
}

impl Direction {
    /// The other one.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

impl PageValue<'_> {
    /// Whether it is absent.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The same, borrowed from nothing.
    #[must_use]
    pub fn into_owned(self) -> PageValue<'static> {
        match self {
            Self::Null => PageValue::Null,
            Self::Bool(value) => PageValue::Bool(value),
            Self::Int(value) => PageValue::Int(value),
            Self::Float(value) => PageValue::Float(value),
            Self::Text(text) => PageValue::Text(Cow::Owned(text.into_owned())),
        }
    }

    /// Which of two rows comes first by this field: what is absent comes last in either direction.
    #[must_use]
    pub fn compare(&self, other: &PageValue<'_>, direction: Direction) -> Ordering {
        match (self.is_null(), other.is_null(), direction) {
            (false, false, Direction::Ascending) => self.ascending(other),
            (false, false, Direction::Descending) => other.ascending(self),
            (one, another, _) => one.cmp(&another),
        }
    }

    /// Values of one field are of one kind; the order of kinds is there to be total.
    fn ascending(&self, other: &PageValue<'_>) -> Ordering {
        match (self, other) {
            (Self::Bool(one), PageValue::Bool(other)) => one.cmp(other),
            (Self::Int(one), PageValue::Int(other)) => one.cmp(other),
            (Self::Float(one), PageValue::Float(other)) => {
                one.partial_cmp(other).unwrap_or_else(|| one.total_cmp(other))
            }
            (Self::Text(one), PageValue::Text(other)) => one.cmp(other),
            (one, other) => one.kind().cmp(&other.kind()),
        }
    }

    const fn kind(&self) -> u8 {
        match self {
            Self::Bool(_) => 0,
            Self::Int(_) => 1,
            Self::Float(_) => 2,
            Self::Text(_) => 3,
            Self::Null => 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Direction::{Ascending, Descending};
    use super::*;

    fn values() -> impl Strategy<Value = PageValue<'static>> {
        prop_oneof![
            Just(PageValue::Null),
            any::<bool>().prop_map(PageValue::Bool),
            (-3..3_i128).prop_map(PageValue::Int),
            any::<f64>().prop_map(PageValue::Float),
            "[a-c]{0,2}".prop_map(|text| PageValue::Text(text.into())),
        ]
    }

    proptest! {
        #[test]
        fn the_order_is_total(a in values(), b in values(), c in values(), is_ascending in any::<bool>()) {
            let way = if is_ascending { Ascending } else { Descending };
            prop_assert_eq!(a.compare(&b, way), b.compare(&a, way).reverse());
            prop_assert_eq!(a.compare(&b, way).is_eq(), a == b);
            if a.compare(&b, way).is_le() && b.compare(&c, way).is_le() {
                prop_assert!(a.compare(&c, way).is_le());
            }
            if !a.is_null() && !b.is_null() {
                prop_assert_eq!(a.compare(&b, Ascending), b.compare(&a, Descending));
            }
        }
    }

    #[test]
    fn what_is_absent_is_last_in_either_direction() {
        let (absent, there) = (PageValue::Null, PageValue::Int(i128::MAX));
        for way in [Ascending, Descending] {
            assert_eq!(absent.compare(&there, way), Ordering::Greater);
            assert_eq!(there.compare(&absent, way), Ordering::Less);
            assert_eq!(absent.compare(&absent, way), Ordering::Equal);
        }
    }

    #[test]
    fn texts_are_in_the_order_of_their_bytes() {
        let texts = ["", "B", "a", "b", "z", "é"];
        let values = texts.map(|text| PageValue::Text(text.into()));
        assert!(values.is_sorted_by(|one, other| one.compare(other, Ascending).is_lt()));
    }
}
