//! Values of functions that are kept.

mod flights;
mod forms;
mod handles;
mod invalidates;
mod keys;
mod lifetimes;
mod values;

use std::sync::atomic::{AtomicU32, Ordering};

/// Counts the runs of one function.
#[derive(Debug)]
pub(crate) struct Runs(AtomicU32);

impl Runs {
    pub(crate) const fn new() -> Self {
        Self(AtomicU32::new(0))
    }

    /// One more; its number, from 1.
    pub(crate) fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(crate) fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Runs of a function that counts them in a static of its own.
macro_rules! run {
    () => {{
        static RUNS: crate::cached::Runs = crate::cached::Runs::new();
        RUNS.next()
    }};
}
pub(crate) use run;
