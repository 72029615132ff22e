//! What decisions on a shared server may cost.

use super::{
    measure::{Measured, Round},
    rows::{EXACT, HOT_EXACT, INCR, LEASED, REFUSED, SHARING, TOWER},
    table::{calls, micros, per_second, ratio},
};

/// A figure of one row as a multiple of another's.
struct Target {
    what: &'static str,
    of: fn(&Round) -> f64,
    row: &'static str,
    to: &'static str,
    bound: Bound,
}

#[derive(Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

const TARGETS: &[Target] = &[
    Target { what: "decisions/s", of: per_second, row: EXACT, to: TOWER, bound: Bound::AtLeast(1.3) },
    Target { what: "decisions/s", of: per_second, row: SHARING, to: TOWER, bound: Bound::AtLeast(2.0) },
    Target { what: "server time", of: micros, row: EXACT, to: INCR, bound: Bound::AtMost(4.5) },
    Target { what: "decisions/s", of: per_second, row: LEASED, to: HOT_EXACT, bound: Bound::AtLeast(8.0) },
];

/// The most calls that a refusal may take where one client is refused again and again.
const CALLS_OF_A_REFUSAL: f64 = 0.01;

/// A line for each target that was measured.
#[must_use]
pub fn report(all: &[Measured]) -> Vec<String> {
    let refused = all.iter().find(|measured| measured.name == REFUSED);
    let calls = refused.and_then(|refused| refused.median(calls));
    TARGETS.iter().filter_map(|target| judge(target, all)).chain(calls.map(judge_refusals)).collect()
}

fn judge(target: &Target, all: &[Measured]) -> Option<String> {
    let Target { what, of, row, to, bound } = target;
    let ratio = ratio(all, *of, row, to)?;
    let (sign, bound, is_met) = match *bound {
        Bound::AtLeast(least) => ('≥', least, ratio >= least),
        Bound::AtMost(most) => ('≤', most, ratio <= most),
    };
    Some(format!("{row}: {what} {sign} {bound} × {to}: {ratio:.2}, {}", verdict(is_met)))
}

fn judge_refusals(calls: f64) -> String {
    let is_met = calls < CALLS_OF_A_REFUSAL;
    format!("{REFUSED}: calls a decision < {CALLS_OF_A_REFUSAL}: {calls:.5}, {}", verdict(is_met))
}

fn verdict(is_met: bool) -> &'static str {
    if is_met { "ok" } else { "MISSED" }
}

#[cfg(test)]
mod tests {
    use super::{super::table::tests::row, *};

    #[test]
    fn a_bound_is_itself_allowed_and_what_was_not_measured_is_skipped() {
        let all = [
            row(EXACT, 130.0, 4.6, 1.0),
            row(TOWER, 100.0, 6.7, 1.0),
            row(INCR, 300.0, 1.0, 1.0),
            row(REFUSED, 900.0, 0.0, 0.01),
        ];
        assert_eq!(
            report(&all),
            [
                "tollgate: decisions/s ≥ 1.3 × tower-rate-limit-redis: 1.30, ok",
                "tollgate: server time ≤ 4.5 × INCR: 4.60, MISSED",
                "tollgate, one client refused: calls a decision < 0.01: 0.01000, MISSED",
            ]
        );
    }

    #[test]
    fn every_target_has_rows() {
        let named = |name: &str| super::super::ROWS.iter().any(|row| row.name == name);
        assert!(TARGETS.iter().all(|target| named(target.row) && named(target.to)) && named(REFUSED));
    }
}
