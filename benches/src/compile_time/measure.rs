//! Checks the variants in turn and puts their times side by side.

use std::time::Duration;

use super::{
    JUDGED, MOST, VARIANTS, Variant, YARDSTICK,
    scratch::{Network, Workspace},
};
use crate::{
    Failure,
    markdown::Table,
    stopwatch::{self, Spread},
};

const ROUNDS: usize = 7;

/// What became of a variant: the spread of its times, or the first error.
type Check = Result<Spread, String>;

/// A variant and what became of it.
#[derive(Debug)]
pub struct Row {
    variant: Variant,
    check: Check,
}

/// The times of all variants, in their order.
pub fn measure() -> Result<Vec<Row>, Failure> {
    let workspace = Workspace::create(VARIANTS)?;
    let mut times: Vec<_> = VARIANTS.iter().map(|variant| prepare(&workspace, variant)).collect();
    for _ in 0..ROUNDS {
        for (variant, times) in VARIANTS.iter().zip(&mut times) {
            add_round(&workspace, variant, times)?;
        }
    }
    Ok(VARIANTS
        .iter()
        .zip(times)
        .map(|(variant, times)| Row { variant: *variant, check: spread(times) })
        .collect())
}

type Times = Result<Vec<Duration>, String>;

/// Compiles the dependencies.
fn prepare(workspace: &Workspace, variant: &Variant) -> Times {
    workspace.check(variant, Network::Allowed).map(|()| Vec::with_capacity(ROUNDS))
}

/// Adds one measurement, unless the variant has failed.
fn add_round(workspace: &Workspace, variant: &Variant, times: &mut Times) -> Result<(), Failure> {
    if let Ok(measured) = times {
        workspace.write_library(variant)?;
        let (check, time) = stopwatch::time(|| workspace.check(variant, Network::Forbidden));
        measured.push(time);
        if let Err(error) = check {
            *times = Err(error);
        }
    }
    Ok(())
}

fn spread(times: Times) -> Check {
    Spread::of(times?).ok_or_else(|| "error: not measured".to_owned())
}

/// The table that is printed.
#[must_use]
pub fn table(rows: &[Row]) -> Table<4> {
    let mut table = Table::new(["100 handlers", "`cargo check`, median", "min..max", "÷ instrument"]);
    for row in rows {
        table.push(cells(row, ratio(rows, row)));
    }
    table
}

fn cells(row: &Row, ratio: Option<f64>) -> [String; 4] {
    let name = row.variant.name.to_owned();
    match &row.check {
        Ok(Spread { median, min, max }) => [
            name,
            format!("{:.2} s", median.as_secs_f64()),
            format!("{:.2}..{:.2}", min.as_secs_f64(), max.as_secs_f64()),
            ratio.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}")),
        ],
        Err(error) => {
            [name, format!("failed: {}", error.replace('|', "\\|")), "–".to_owned(), "–".to_owned()]
        }
    }
}

fn ratio(rows: &[Row], row: &Row) -> Option<f64> {
    let median = |row: &Row| row.check.as_ref().ok().map(|spread| spread.median.as_secs_f64());
    Some(median(row)? / median(find(rows, YARDSTICK)?)?)
}

fn find<'a>(rows: &'a [Row], name: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.variant.name == name)
}

/// Whether the target is met.
#[must_use]
pub fn verdict(rows: &[Row]) -> String {
    let verdict = match find(rows, JUDGED).and_then(|row| ratio(rows, row)) {
        Some(ratio) if ratio <= MOST => format!("{ratio:.2}, ok"),
        Some(ratio) => format!("{ratio:.2}, MISSED"),
        None => "not measured".to_owned(),
    };
    format!("{JUDGED} ≤ {MOST} × {YARDSTICK}: {verdict}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &'static str, check: Result<u64, &str>) -> Row {
        let spread = |time| Spread { median: time, min: time, max: time };
        let check = check.map(Duration::from_millis).map(spread).map_err(str::to_owned);
        Row { variant: Variant { name, attributes: &[] }, check }
    }

    #[test]
    fn the_target_is_a_ratio_to_the_yardstick() {
        let rows = |judged| [row("instrument", Ok(1_000)), row("rate_limited", judged)];
        assert_eq!(verdict(&rows(Ok(900))), "rate_limited ≤ 0.9 × instrument: 0.90, ok");
        assert_eq!(verdict(&rows(Ok(950))), "rate_limited ≤ 0.9 × instrument: 0.95, MISSED");
        assert_eq!(verdict(&rows(Err("error"))), "rate_limited ≤ 0.9 × instrument: not measured");
    }

    #[test]
    fn a_failure_stands_in_the_table() {
        let failed = row("utoipa", Err("error: no `a|b`"));
        assert_eq!(cells(&failed, None), ["utoipa", "failed: error: no `a\\|b`", "–", "–"]);
    }
}
