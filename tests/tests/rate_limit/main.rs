//! `#[rate_limited]` as clients see it: who is counted, what is refused, and what every answer says about it.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

mod addresses;
mod algorithms;
mod cancellation;
mod charge_on;
mod concurrency;
mod costs;
mod decisions;
mod fields;
mod hostile;
mod keys;
mod missing;
mod names;
mod paths;
mod refusals;
mod settings;
mod several;
mod shadow;
mod shared;
mod sites;
mod support;
mod tiers;
mod time;
