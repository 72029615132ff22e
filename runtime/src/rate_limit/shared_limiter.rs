//! One limit on a Redis server without a request: what benchmarks put beside other limiters.

use std::sync::Arc;
use std::time::Duration;

use super::fleet::{How, Limits};
use super::policy::Rate;
use super::redis::{RedisStore, Sharing};
use super::store::{Ask, Ruling, Scope};
use crate::backend::SystemClock;
use crate::backend::redis::{Redis, Settings};
use crate::core::{Clock, Key};

/// So many keys are remembered here, as in a `Tollgate` that says nothing of it.
const MAX_KEYS: usize = 1_000_000;
/// A machine that does much else is slow, not away.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Asks the shared store as a handler with one limit does.
#[derive(Debug)]
pub struct SharedLimiter {
    limits: Limits,
    clock: Arc<dyn Clock>,
    rates: Vec<Rate>,
    lease: u32,
}

impl SharedLimiter {
    /// A limiter of GCRA, which connects at the first decision. `lease` permits are taken at once, zero for none but those
    /// that are spent; `shares_calls` tells whether decisions made at the same time share a call.
    ///
    /// # Errors
    /// What is wrong with the URL or the namespace.
    pub fn redis(
        url: &str,
        namespace: &str,
        rates: &[Rate],
        lease: u32,
        shares_calls: bool,
    ) -> Result<Self, String> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let settings = Settings { url: url.to_owned(), namespace: namespace.to_owned(), timeout: TIMEOUT };
        let redis = Redis::new(&settings, Arc::clone(&clock)).map_err(|fault| fault.to_string())?;
        let sharing = if shares_calls { Sharing::On } else { Sharing::Off };
        let store = Arc::new(RedisStore::new(redis, sharing));
        let limits = Limits::shared(MAX_KEYS, Arc::clone(&clock), store);
        Ok(Self { limits, clock, rates: rates.to_vec(), lease })
    }

    /// Whether that key may spend a permit, which is then charged; nothing where the store did not decide.
    pub async fn admit(&self, key: &str) -> Option<bool> {
        let ask = Ask { lease: self.lease, ..Ask::new(Scope::new(0), Key::from(key), &self.rates) };
        let settled = self.limits.decide(std::slice::from_ref(&ask), self.clock.now()).await;
        (settled.how == How::Decided).then(|| settled.rulings.iter().all(Ruling::fits))
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Builder;
    use tollgate_servers::RedisServer;

    use super::*;

    const HOUR: u64 = 3_600_000_000_000;
    const TWO_AN_HOUR: &[Rate] = &[Rate::new("default", 2, HOUR)];

    #[test]
    fn limiters_of_one_namespace_share_the_permits_of_a_key() {
        let server = RedisServer::start();
        let limiter = |namespace, lease, shares_calls| {
            SharedLimiter::redis(&server.url(), namespace, TWO_AN_HOUR, lease, shares_calls).unwrap()
        };
        let (one, other, elsewhere) = (limiter("a", 0, false), limiter("a", 0, true), limiter("b", 2, false));
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let admitted = |limiter: &SharedLimiter| runtime.block_on(limiter.admit("ada")).unwrap();
        assert_eq!([&one, &other, &one].map(admitted), [true, true, false]);
        assert_eq!([&elsewhere; 3].map(admitted), [true, true, false]);
        server.kill();
        assert_eq!(runtime.block_on(other.admit("bob")), None);
    }

    #[test]
    fn what_is_no_url_is_told() {
        let error = SharedLimiter::redis("localhost", "a", TWO_AN_HOUR, 0, false).unwrap_err();
        assert!(error.contains("is no URL"), "{error}");
    }
}
