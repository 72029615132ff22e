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
    /// Instructions per request, on top of those of that variant in the place of the baseline.
    InstructionsOver(&'static str),
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
    Target { variant: "guarded", quantity: Quantity::InstructionsOver("gate"), most: 400.0 },
    Target { variant: "versions", quantity: Quantity::Instructions, most: 400.0 },
    Target { variant: "versions", quantity: Quantity::Allocations, most: 1.0 },
    Target { variant: "layer", quantity: Quantity::Instructions, most: 400.0 },
    Target { variant: "page", quantity: Quantity::Ratio, most: 1.2 },
    Target { variant: "cached", quantity: Quantity::Ratio, most: 1.15 },
    Target { variant: "cached_2k", quantity: Quantity::Ratio, most: 1.0 },
    Target { variant: "cursor", quantity: Quantity::Nanoseconds, most: 2_000.0 },
];

impl Target {
    fn judge(&self, rows: &[Row]) -> Option<String> {
        let row = rows.iter().find(|row| row.variant.name == self.variant)?;
        let measured = self.quantity.of(row, rows)?;
        let verdict = if measured <= self.most { "ok" } else { "MISSED" };
        let (Self { variant, quantity, most }, baseline) = (self, self.quantity.baseline(row));
        Some(match quantity {
            Quantity::Ratio => format!("{variant} ≤ {most} × {baseline}: {measured:.2}, {verdict}"),
            _ => format!("{variant} ≤ {baseline} + {most} {quantity}: {measured:+.1}, {verdict}"),
        })
    }
}

impl Quantity {
    /// The variant that it is on top of.
    fn baseline(self, row: &Row) -> &'static str {
        if let Self::InstructionsOver(other) = self { other } else { row.variant.baseline }
    }

    /// `None` where the variant was not measured that this one is compared with.
    fn of(self, row: &Row, rows: &[Row]) -> Option<f64> {
        Some(match self {
            Self::Instructions => row.more_instructions(),
            Self::InstructionsOver(other) => {
                let other = rows.iter().find(|row| row.variant.name == other)?;
                row.cost.instructions - other.cost.instructions
            }
            Self::Allocations => row.more_allocations(),
            Self::Ratio => row.cost.instructions / row.baseline.instructions,
            Self::Nanoseconds => {
                row.cost.time.as_secs_f64().mul_add(1e9, -row.baseline.time.as_secs_f64() * 1e9)
            }
        })
    }
}

impl Display for Quantity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Instructions | Self::InstructionsOver(_) => "instructions",
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
    fn a_variant_may_be_compared_with_another_than_its_baseline() {
        let [one, other] = [row(9_300.0), Row { variant: &VARIANTS[1], ..row(9_000.0) }];
        let quantity = Quantity::InstructionsOver(VARIANTS[1].name);
        let target = Target { variant: VARIANTS[0].name, quantity, most: 250.0 };
        assert_eq!(target.judge(&[one]), None);
        let line = target.judge(&[one, other]).unwrap();
        assert_eq!(line, "bare ≤ from_fn + 250 instructions: +300.0, MISSED");
    }

    #[test]
    fn a_target_without_its_variant_is_skipped() {
        let target = Target { variant: "absent", quantity: Quantity::Allocations, most: 0.0 };
        assert_eq!(target.judge(&[row(9_000.0)]), None);
    }
}
