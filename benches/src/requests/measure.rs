//! Measures variants and puts them side by side.

use std::time::Duration;

use super::drive::Driver;
use crate::{
    Failure,
    markdown::Table,
    stopwatch::{self, Spread},
    valgrind::Count,
    variants::Variant,
};

const ROUNDS: usize = 31;
const REQUESTS_PER_ROUND: u32 = 2_000;

/// What one request costs, the making of the request and the reading of the answer included.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Instructions, as callgrind counts them.
    pub instructions: f64,
    /// Calls of the allocator that ask for memory.
    pub allocations: f64,
    /// Wall time, the median of the rounds.
    pub time: Duration,
}

/// A variant's cost beside its baseline's.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What was measured.
    pub variant: &'static Variant,
    /// Its cost.
    pub cost: Cost,
    /// The cost of its baseline; a baseline's own, too.
    pub baseline: Cost,
}

impl Row {
    /// Instructions that the variant costs on top of its baseline.
    #[must_use]
    pub fn more_instructions(&self) -> f64 {
        self.cost.instructions - self.baseline.instructions
    }

    /// Allocations that the variant costs on top of its baseline.
    #[must_use]
    pub fn more_allocations(&self) -> f64 {
        self.cost.allocations - self.baseline.allocations
    }

    fn cells(&self) -> [String; 6] {
        let over =
            |difference: String| if self.variant.is_baseline() { "–".to_owned() } else { difference };
        let Cost { instructions, allocations, time } = self.cost;
        [
            self.variant.name.to_owned(),
            format!("{instructions:.0}"),
            over(format!("{:+.0}", self.more_instructions())),
            format!("{allocations:.1}"),
            over(format!("{:+.1}", self.more_allocations())),
            time.as_nanos().to_string(),
        ]
    }
}

/// The costs of the variants, in their order.
pub fn measure(variants: &[&'static Variant]) -> Result<Vec<(&'static Variant, Cost)>, Failure> {
    let counts: Vec<_> = variants.iter().map(|variant| count(variant)).collect::<Result<_, _>>()?;
    let times = times(variants)?;
    let costs = counts.into_iter().zip(times);
    let costs = costs.map(|((instructions, allocations), time)| Cost { instructions, allocations, time });
    Ok(variants.iter().copied().zip(costs).collect())
}

fn count(variant: &Variant) -> Result<(f64, f64), Failure> {
    Ok((Count::Instructions.per_request(variant.name)?, Count::Allocations.per_request(variant.name)?))
}

fn times(variants: &[&'static Variant]) -> Result<Vec<Duration>, Failure> {
    let drivers: Vec<_> = variants.iter().map(|variant| Driver::new(variant)).collect::<Result<_, _>>()?;
    let mut rounds = vec![Vec::with_capacity(ROUNDS); drivers.len()];
    for _ in 0..ROUNDS {
        for (driver, rounds) in drivers.iter().zip(&mut rounds) {
            let (sent, time) = stopwatch::time(|| driver.send(REQUESTS_PER_ROUND));
            sent?;
            rounds.push(time / REQUESTS_PER_ROUND);
        }
    }
    Ok(rounds.into_iter().filter_map(Spread::of).map(|spread| spread.median).collect())
}

/// Each variant beside its baseline; those whose baseline was not measured are left out.
#[must_use]
pub fn rows(costs: &[(&'static Variant, Cost)]) -> Vec<Row> {
    let cost_of = |name| costs.iter().find(|(variant, _)| variant.name == name).map(|(_, cost)| *cost);
    let row = |&(variant, cost): &(&'static Variant, Cost)| {
        Some(Row { variant, cost, baseline: cost_of(variant.baseline)? })
    };
    costs.iter().filter_map(row).collect()
}

/// The table that is printed.
#[must_use]
pub fn table(rows: &[Row]) -> Table<6> {
    let mut table = Table::new([
        "variant",
        "instructions/request",
        "over its baseline",
        "allocations/request",
        "over its baseline",
        "ns/request",
    ]);
    for row in rows {
        table.push(row.cells());
    }
    table
}
