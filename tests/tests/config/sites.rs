//! The functions of this program.

#![allow(dead_code, reason = "a configuration speaks of functions that nobody calls here")]

use tollgate::{Rates, RequestFacts, rate_limited, rates, with_metrics};

#[with_metrics]
#[rate_limited("5/second", name = "airports::list")]
#[rate_limited("9/minute", key = principal)]
pub(crate) async fn list() {}

/// Its second limit is being tried out.
#[rate_limited("5/second", name = "airports::search")]
#[rate_limited("50/second", key = global, shadow)]
pub(crate) async fn search() {}

#[rate_limited("100/minute", burst = 200, key = global, name = "bursts")]
pub(crate) async fn bursts() {}

/// What the first limit may become stands beside it.
#[rate_limited("5/second", key = global, name = "twins")]
#[rate_limited("4/second", key = global, shadow)]
pub(crate) async fn twins() {}

#[rate_limited("1/second", "2/minute", "3/hour", "4/day", "5/2d", name = "seven")]
#[rate_limited("6/second", "7/minute", key = header("x-api-key"))]
pub(crate) async fn seven() {}

#[rate_limited("10/second", cost = 5, key = global, name = "costly")]
pub(crate) async fn costly() {}

#[with_metrics(name = "measured")]
pub(crate) async fn measured() {}

#[rate_limited("5/second", share = "logins", name = "login")]
pub(crate) async fn login() {}

/// The same budgets; it has a limit of its own beside.
#[rate_limited("5/second", share = "logins", name = "password")]
#[rate_limited("9/hour", key = global)]
pub(crate) async fn password() {}

#[rate_limited("100/minute", algorithm = sliding_log, key = global, name = "log")]
pub(crate) async fn log() {}

#[rate_limited("100/minute", algorithm = fixed_window, cost = 5, key = global, name = "window")]
pub(crate) async fn window() {}

#[rate_limited("100/minute", algorithm = token_bucket, lease = 10, key = global, name = "leased")]
pub(crate) async fn leased() {}

#[rate_limited("100/minute", tiers = plan, key = global, name = "tiered")]
pub(crate) async fn tiered() {}

fn plan(_: &RequestFacts<'_>) -> Rates {
    rates!("7/second")
}
