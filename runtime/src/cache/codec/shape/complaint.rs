//! What a type complains of. Errors are made by functions that know nothing but their arguments, and may be swallowed (an untagged
//! enum tries one variant after another), so they are noted aside, by thread.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, Expected, Unexpected};

/// More are not noted.
const MOST: usize = 64;

thread_local! {
    static COMPLAINTS: RefCell<Vec<Complaint>> = const { RefCell::new(Vec::new()) };
}

/// Something that a type did not like.
#[derive(Debug)]
pub(super) enum Complaint {
    /// A field that has to be there.
    Missing(&'static str),
    /// Something else was expected. The number, where it was one.
    Unexpected { number: Option<u64>, expected: String },
    /// One of these names was expected.
    Names(&'static [&'static str]),
    /// A reason of its own.
    Other,
}

/// What was noted on this thread since the last call.
pub(super) fn heard() -> Vec<Complaint> {
    COMPLAINTS.with_borrow_mut(std::mem::take)
}

/// An error that was noted.
#[derive(Debug)]
pub(super) struct Refusal;

impl Refusal {
    /// Of the feeder, which has nothing more to give.
    pub(super) const fn silent() -> Self {
        Self
    }

    fn noted(complaint: Complaint) -> Self {
        COMPLAINTS.with_borrow_mut(|complaints| {
            if complaints.len() < MOST {
                complaints.push(complaint);
            }
        });
        Self
    }

    fn unexpected(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let number = if let Unexpected::Unsigned(number) = unexpected { Some(number) } else { None };
        Self::noted(Complaint::Unexpected { number, expected: expected.to_string() })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a made-up value was refused")
    }
}

impl std::error::Error for Refusal {}

impl de::Error for Refusal {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::noted(Complaint::Other)
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unexpected(unexpected, expected)
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::unexpected(unexpected, expected)
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::noted(Complaint::Unexpected { number: None, expected: expected.to_string() })
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::noted(Complaint::Names(expected))
    }

    fn unknown_field(_: &str, expected: &'static [&'static str]) -> Self {
        Self::noted(Complaint::Names(expected))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::noted(Complaint::Missing(field))
    }

    fn duplicate_field(_: &'static str) -> Self {
        Self::noted(Complaint::Other)
    }
}
