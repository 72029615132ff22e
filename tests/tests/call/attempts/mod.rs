//! What each attempt of a call goes through, and what stands between them.

mod forms;
mod guards;
mod retries;

use std::time::Duration;

use crate::support::millis;

/// What goes wrong here.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Error {
    Transient,
    Permanent,
    /// Asks to be left alone for so many milliseconds.
    Busy(u64),
}

type Answer<T> = Result<T, Error>;

impl Error {
    fn asks(&self) -> Option<Duration> {
        match self {
            Self::Busy(asks) => Some(millis(*asks)),
            Self::Transient | Self::Permanent => None,
        }
    }
}
