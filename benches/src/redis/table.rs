//! What is printed.

use super::{
    measure::{Measured, Round},
    rows::{INCR, TOWER},
};
use crate::{markdown::Table, quartiles::Quartiles};

impl Measured {
    pub(super) fn median(&self, of: fn(&Round) -> f64) -> Option<f64> {
        self.quartiles(of).map(|quartiles| quartiles.median)
    }

    fn quartiles(&self, of: fn(&Round) -> f64) -> Option<Quartiles> {
        Quartiles::of(self.rounds.iter().map(of).collect())
    }
}

/// The median, over the rounds, of one row's figure to that of another in the same round.
pub(super) fn ratio(all: &[Measured], of: fn(&Round) -> f64, one: &str, other: &str) -> Option<f64> {
    let find = |name: &str| all.iter().find(|measured| measured.name == name);
    let rounds = find(one)?.rounds.iter().zip(&find(other)?.rounds);
    Quartiles::of(rounds.map(|(one, other)| of(one) / of(other)).collect()).map(|ratio| ratio.median)
}

pub(super) fn per_second(round: &Round) -> f64 {
    round.per_second
}

pub(super) fn micros(round: &Round) -> f64 {
    round.micros
}

pub(super) fn calls(round: &Round) -> f64 {
    round.calls
}

/// The table that is printed.
#[must_use]
pub fn table(all: &[Measured]) -> Table<6> {
    let mut table = Table::new([
        "",
        "decisions/s (quartiles)",
        "of tower-rate-limit-redis",
        "server, µs a decision (quartiles)",
        "of INCR",
        "calls a decision",
    ]);
    for measured in all {
        let thousands = |of: f64| format!("{:.0}k", of / 1_000.0);
        let times = |ratio: Option<f64>| ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        table.push([
            measured.name.to_owned(),
            cell(measured.quartiles(per_second), thousands),
            times(ratio(all, per_second, measured.name, TOWER)),
            cell(measured.quartiles(micros), |of| format!("{of:.2}")),
            times(ratio(all, micros, measured.name, INCR)),
            measured.median(calls).map_or_else(String::new, |calls| format!("{calls:.4}")),
        ]);
    }
    table
}

fn cell(quartiles: Option<Quartiles>, text: impl Fn(f64) -> String) -> String {
    let told = |of: Quartiles| format!("{} ({}..{})", text(of.median), text(of.lower), text(of.upper));
    quartiles.map_or_else(String::new, told)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A row of one round.
    pub(in super::super) fn row(name: &'static str, per_second: f64, micros: f64, calls: f64) -> Measured {
        Measured { name, rounds: vec![Round { per_second, micros, calls }] }
    }

    #[test]
    fn a_row_has_its_ratios() {
        let all = [row(INCR, 400_000.0, 1.0, 1.0), row(TOWER, 100_000.0, 6.5, 1.0)];
        let table = table(&all).to_string();
        assert!(table.contains("| 400k (400k..400k)"), "{table}");
        assert!(table.contains("| 4.00 ") && table.contains("| 6.50 (6.50..6.50)"), "{table}");
        assert_eq!(ratio(&all, per_second, INCR, "nobody"), None);
    }

    #[test]
    fn a_ratio_is_of_rounds_and_not_of_medians() {
        let mut one = row("one", 1.0, 1.0, 1.0);
        let mut other = row("other", 2.0, 1.0, 1.0);
        one.rounds.extend(row("", 10.0, 1.0, 1.0).rounds);
        other.rounds.extend(row("", 20.0, 1.0, 1.0).rounds);
        assert_eq!(ratio(&[one, other], per_second, "other", "one"), Some(2.0));
    }
}
