//! What tollgate's attributes cost, and what their peers cost.
//!
//! * `requests` (binary): instructions, allocations and nanoseconds per request through `Router::oneshot`.
//!   [`variants`] is the table of what is measured, [`requests`] how.
//! * `limiter` (binary): nanoseconds of one decision, bytes of one key and the longest decision, beside governor. [`limiter`]
//!   has what is measured and how.
//! * `cache` (binary): nanoseconds of a hit, how much is found, how often a crowd has a function run, beside peers. [`cache`]
//!   has what is measured and how.
//! * `breaker` (binary): nanoseconds of a call behind a closed circuit breaker, and behind a whole stack, beside peers. [`breaker`]
//!   has what is measured and how.
//! * `redis` (binary): decisions a second of limiters that share a Redis server, and what each costs the server. [`redis`]
//!   has what is measured and how.
//! * `compile_time` (binary): the time of `cargo check` for a hundred handlers. [`compile_time`] has both
//!   the table and the way.
//!
//! All print Markdown ([`markdown`]) and their targets, and neither fails because a target is missed.

pub mod breaker;
pub mod cache;
pub mod compile_time;
pub mod limiter;
pub mod markdown;
mod quartiles;
pub mod redis;
pub mod requests;
mod stopwatch;
mod valgrind;
pub mod variants;

use std::{
    error::Error,
    fmt::{self, Debug, Formatter},
};

/// What went wrong, in words: a benchmark has no caller that would tell failures apart. `main` prints it by
/// `Debug`, so that is the words too, line by line.
pub struct Failure(Box<dyn Error>);

impl Debug for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl<E: Into<Box<dyn Error>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}
