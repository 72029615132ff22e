//! A function that runs behind its breaker, its bulkhead and its timeout: a handler's, and one attempt of a call's.
//!
//! The future is written by hand. In an `async fn` a future that is handed on is there once for each hand, and is copied from one to the next;
//! here it is moved in once and polled in its place, however large it is, and what it passed is written down beside it once.

mod run;
#[cfg(test)]
mod tests;

pub(crate) use self::run::{Doors, Ran, Run};
