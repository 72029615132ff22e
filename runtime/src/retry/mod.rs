//! Retries: once more after a failure, later each time, and only as long as most calls succeed.
//!
//! `policy.rs` says how often. `engine.rs` decides after each failure, `budget.rs` how many retries there may be among all calls; both are
//! pure. `budgets.rs` has the budgets of a `Tollgate`, by site and shared name; `dice.rs` draws what waits are made of;
//! `configured.rs` reads what a configuration says instead; `shared.rs` finds budgets of one name that differ.

mod budget;
mod budgets;
pub(crate) mod configured;
mod dice;
mod engine;
mod policy;
pub(crate) mod shared;

pub use self::policy::Retry;

pub(crate) use self::budgets::{Budgets, Funds};
pub(crate) use self::engine::{Next, Tries};
