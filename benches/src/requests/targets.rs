//! What tollgate's own variants may cost on top of their baselines.

use std::fmt::{self, Display, Formatter};

use super::measure::Row;

/// The most that a variant may cost on top of its baseline.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The variant's name; a target without its variant is skipped.
    pub variant: &'static str,
    /// What is limited.
    pub quantity: Quantity,
    /// The limit, itself allowed.
    pub most: f64,
}

/// What a target limits.
#[derive(Clone, Copy, Debug)]
pub enum Quantity {
    /// Instructions per request.
    Instructions,
    /// Allocations per request.
    Allocations,
    /// Instructions per request, as a multiple of those of the baseline.
    Ratio,
    /// Nanoseconds per request.
    Nanoseconds,
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { variant: "gate", quantity: Quantity::Instructions, most: 250.0 },
    Target { variant: "rate_limited", quantity: Quantity::Instructions, most: 900.0 },
    Target { variant: "rate_limited", quantity: Quantity::Allocations, most: 2.0 },
    Target { variant: "with_metrics", quantity: Quantity::Instructions, most: 500.0 },
    Target { variant: "with_metrics", quantity: Quantity::Allocations, most: 1.0 },
    Target { variant: "both", quantity: Quantity::Instructions, most: 1_300.0 },
    Target { variant: "both", quantity: Quantity::Allocations, most: 2.0 },
    Target { variant: "layer", quantity: Quantity::Instructions, most: 400.0 },
    Target { variant: "page", quantity: Quantity::Ratio, most: 1.2 },
    Target { variant: "cached", quantity: Quantity::Ratio, most: 1.15 },
    Target { variant: "cached_2k", quantity: Quantity::Ratio, most: 1.0 },
    Target { variant: "cursor", quantity: Quantity::Nanoseconds, most: 2_000.0 },
];

impl Target {
    fn judge(&self, rows: &[Row]) -> Option<String> {
        let row = rows.iter().find(|row| row.variant.name == self.variant)?;
        let measured = self.quantity.of(row);
        let verdict = if measured <= self.most { "ok" } else { "MISSED" };
        let (Self { variant, quantity, most }, baseline) = (self, row.variant.baseline);
        Some(match quantity {
            Quantity::Ratio => format!("{variant} ≤ {most} × {baseline}: {measured:.2}, {verdict}"),
            _ => format!("{variant} ≤ {baseline} + {most} {quantity}: {measured:+.1}, {verdict}"),
        })
    }
}

impl Quantity {
    fn of(self, row: &Row) -> f64 {
        match self {
            Self::Instructions => row.more_instructions(),
            Self::Allocations => row.more_allocations(),
            Self::Ratio => row.cost.instructions / row.baseline.instructions,
            Self::Nanoseconds => {
                row.cost.time.as_secs_f64().mul_add(1e9, -row.baseline.time.as_secs_f64() * 1e9)
            }
        }
    }
}

impl Display for Quantity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Instructions => "instructions",
            Self::Allocations => "allocations",
            Self::Ratio => "instructions of",
            Self::Nanoseconds => "nanoseconds",
        })
    }
}

/// A line for each target whose variant was measured.
#[must_use]
pub fn report(rows: &[Row]) -> Vec<String> {
    TARGETS.iter().filter_map(|target| target.judge(rows)).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{requests::Cost, variants::VARIANTS};

    fn row(instructions: f64) -> Row {
        let cost = |instructions| Cost { instructions, allocations: 20.0, time: Duration::ZERO };
        Row { variant: &VARIANTS[0], cost: cost(instructions), baseline: cost(9_000.0) }
    }

    #[test]
    fn a_limit_is_itself_allowed() {
        let target = Target { variant: "bare", quantity: Quantity::Instructions, most: 250.0 };
        assert_eq!(target.judge(&[row(9_250.0)]).unwrap(), "bare ≤ bare + 250 instructions: +250.0, ok");
        assert_eq!(target.judge(&[row(9_251.0)]).unwrap(), "bare ≤ bare + 250 instructions: +251.0, MISSED");
    }

    #[test]
    fn a_target_without_its_variant_is_skipped() {
        let target = Target { variant: "absent", quantity: Quantity::Allocations, most: 0.0 };
        assert_eq!(target.judge(&[row(9_000.0)]), None);
    }
}
