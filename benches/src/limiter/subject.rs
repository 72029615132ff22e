//! The limiters that are measured, each with the clock that it comes with.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tollgate::{
    __private::{Limiter, Rate},
    Clock, SystemClock,
};

/// A limiter by address, of a rate so low that no client is forgotten while it is measured, and of a burst so large that
/// none is refused.
pub(super) trait Subject: Sync {
    /// Its name in tables and on the command line.
    const NAME: &'static str;

    /// One that has room for so many clients, if it has a bound.
    fn new(most: usize) -> Self;

    /// Whether a client is admitted now.
    fn admit(&self, address: IpAddr) -> bool;
}

/// A permit takes longer to come back than the measurement of a limiter lasts.
const PERMIT_SECONDS: u64 = 60;
/// It takes almost a century to earn all of it.
const BURST: u32 = 50_000_000;

pub(super) struct Tollgate {
    limiter: Limiter,
    /// As a `Tollgate` has it.
    clock: Box<dyn Clock>,
}

impl Subject for Tollgate {
    const NAME: &'static str = "tollgate";

    fn new(most: usize) -> Self {
        const RATE: Rate = Rate::new("default", 1, PERMIT_SECONDS * 1_000_000_000).burst(BURST);
        Self { limiter: Limiter::new(most, RATE), clock: Box::new(SystemClock::new()) }
    }

    #[inline]
    fn admit(&self, address: IpAddr) -> bool {
        self.limiter.admit(address, self.clock.now())
    }
}

pub(super) struct Governor(pub(super) DefaultKeyedRateLimiter<IpAddr>);

impl Subject for Governor {
    const NAME: &'static str = "governor";

    fn new(_: usize) -> Self {
        let burst = NonZeroU32::new(BURST).unwrap_or(NonZeroU32::MIN);
        let quota =
            Quota::with_period(Duration::from_secs(PERMIT_SECONDS)).unwrap_or(Quota::per_minute(burst));
        Self(RateLimiter::dashmap(quota.allow_burst(burst)))
    }

    #[inline]
    fn admit(&self, address: IpAddr) -> bool {
        self.0.check_key(&address).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::address, *};

    fn admits_each<S: Subject>() {
        let subject = S::new(1_000);
        assert!((0..1_000).all(|decision| subject.admit(address(decision % 10))), "{}", S::NAME);
    }

    #[test]
    fn nobody_is_refused() {
        admits_each::<Tollgate>();
        admits_each::<Governor>();
    }
}
