//! How often what happened.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::core::Outcome;

/// What a cache can do with a request.
const OUTCOMES: [Outcome; 7] = [
    Outcome::Hit,
    Outcome::Stale,
    Outcome::Miss,
    Outcome::Collapsed,
    Outcome::Refreshed,
    Outcome::Bypassed,
    Outcome::StoreFailed,
];

/// The counts of one layer.
///
/// Metrics count by site, and a site is a static that an attribute or macro declares. A layer is a value: it counts for itself.
#[derive(Debug, Default)]
pub(super) struct Tally([AtomicU64; OUTCOMES.len()]);

impl Tally {
    pub(super) fn add(&self, outcome: Outcome) {
        if let Some(count) = self.count(outcome) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn of(&self, outcome: Outcome) -> u64 {
        self.count(outcome).map_or(0, |count| count.load(Ordering::Relaxed))
    }

    fn count(&self, outcome: Outcome) -> Option<&AtomicU64> {
        let place = OUTCOMES.iter().position(|own| *own == outcome)?;
        self.0.get(place)
    }
}
