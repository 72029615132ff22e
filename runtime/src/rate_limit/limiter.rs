//! One limit without a request: what benchmarks put beside other limiters.

use std::net::IpAddr;
use std::slice;

use super::memory::Memory;
use super::policy::Rate;
use super::store::{Ask, Ruling, Scope, Store};
use crate::core::{Key, Moment};

/// Asks the store in memory as a handler with one limit of one rate does.
#[derive(Debug)]
pub struct Limiter {
    store: Memory,
    rates: [Rate; 1],
}

impl Limiter {
    /// A limiter of its own, which keeps at most `max_keys` budgets.
    #[must_use]
    pub fn new(max_keys: usize, rate: Rate) -> Self {
        Self { store: Memory::new(max_keys), rates: [rate] }
    }

    /// Whether that client may spend a permit, which is then charged.
    #[inline]
    pub fn admit(&self, address: IpAddr, now: Moment) -> bool {
        let ask = Ask::new(Scope::new(0), Key::address(address), &self.rates);
        match self.store.decide_at_once(&ask, now) {
            Some(ruling) => ruling.fits(),
            None => self.decide(&ask, now),
        }
    }

    #[inline(never)]
    fn decide(&self, ask: &Ask<'_>, now: Moment) -> bool {
        let decision = self.store.decide(slice::from_ref(ask), now);
        decision.is_ok_and(|rulings| rulings.iter().all(Ruling::fits))
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn a_key_has_the_permits_of_the_rate() {
        let limiter = Limiter::new(10, Rate::new("default", 2, 1_000));
        let admitted =
            [0, 0, 0, 500].map(|now| limiter.admit(Ipv4Addr::LOCALHOST.into(), Moment::from_nanos(now)));
        assert_eq!(admitted, [true, true, false, true]);
    }
}
