//! What `#[rate_limited]` declares, as constants that are checked while they are built.

mod algorithm;
mod key;
mod limit;
mod rate;
mod tell;

pub use self::algorithm::{Algorithm, OnStoreError};
pub use self::key::{Cost, KeySource, Missing, RateLimitKey};
pub use self::limit::Limit;
pub(super) use self::rate::Period;
pub use self::rate::{Rate, Rates};

/// How many rates the limits of one function may have together.
pub(super) const MAX_RATES: usize = 8;
/// The highest quota of a rate that is counted by a log, which keeps an entry for each request.
const MOST_LOGGED: u32 = 10_000;
