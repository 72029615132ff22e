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
