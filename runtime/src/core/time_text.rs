//! Times as people write them.

use std::fmt;

/// Nanoseconds in their largest whole unit: `90s`, `250ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeText(pub(crate) u64);

impl fmt::Display for TimeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const UNITS: &[(u64, &str)] = &[
            (86_400_000_000_000, "d"),
            (3_600_000_000_000, "h"),
            (60_000_000_000, "m"),
            (1_000_000_000, "s"),
            (1_000_000, "ms"),
        ];
        let whole = UNITS.iter().find(|(nanos, _)| self.0 > 0 && self.0.is_multiple_of(*nanos));
        let (nanos, unit) = whole.unwrap_or(&(1, "ns"));
        write!(f, "{}{unit}", self.0 / nanos)
    }
}
