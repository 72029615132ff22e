//! Fixed windows: the quota in each, the first of which begins with the first request of a key, not with the clock.
//!
//! The simplest of all, and the coarsest: what is sent at the end of one window and at the beginning of the next is twice
//! the quota in a moment.

use super::{Counter, Since, Standing, State, told_apart};
use crate::core::Moment;
use crate::rate_limit::policy::Rate;

/// What was charged in a window that began at a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::rate_limit) struct Window {
    pub(in crate::rate_limit) start: Moment,
    pub(in crate::rate_limit) used: u32,
}

impl Window {
    /// One that was given back as a whole has not begun.
    fn is_over(self, rate: &Rate, now: Moment) -> bool {
        self.used == 0 || now.nanos_since(self.start) >= rate.period_nanos()
    }

    fn used(counter: Option<&Self>, rate: &Rate, now: Moment) -> u32 {
        counter.filter(|window| !window.is_over(rate, now)).map_or(0, |window| window.used)
    }
}

impl Counter for Window {
    told_apart!(FixedWindow);

    fn remaining(counter: Option<&Self>, rate: &Rate, now: Moment) -> u32 {
        rate.quota().saturating_sub(Self::used(counter, rate, now))
    }

    fn wait(counter: Option<&Self>, rate: &Rate, now: Moment, cost: u32) -> u64 {
        match counter {
            Some(window) if cost > Self::remaining(counter, rate, now) => {
                Since::new(window.start, now).until(rate.period_nanos())
            }
            _ => 0,
        }
    }

    fn charge(counter: Option<Self>, rate: &Rate, now: Moment, cost: u32) -> Option<Self> {
        if cost == 0 {
            return counter;
        }
        let window = counter.filter(|window| !window.is_over(rate, now));
        let window = window.unwrap_or(Self { start: now, used: 0 });
        Some(Self { used: window.used.saturating_add(cost), ..window })
    }

    fn give_back(self, rate: &Rate, charged_at: Moment, _: Moment, permits: u32) -> Option<Self> {
        let is_its_window = charged_at >= self.start && !self.is_over(rate, charged_at);
        let used = if is_its_window { self.used.saturating_sub(permits) } else { self.used };
        Some(Self { used, ..self })
    }

    fn absorb(counter: Option<Self>, rate: &Rate, told: Standing, now: Moment) -> Option<Self> {
        let grows_in = if told.grows_in_nanos == 0 { rate.period_nanos() } else { told.grows_in_nanos };
        let start = now.saturating_add_nanos(grows_in).nanos_since(Moment::from_nanos(rate.period_nanos()));
        let own = counter.filter(|window| !window.is_over(rate, now)).map(|window| window.start);
        let start = own.unwrap_or_default().max(Moment::from_nanos(start));
        Some(Self { start, used: rate.quota().saturating_sub(told.remaining) })
    }

    fn expires_at(&self, rate: &Rate) -> Moment {
        if self.used == 0 { self.start } else { self.start.saturating_add_nanos(rate.period_nanos()) }
    }
}
