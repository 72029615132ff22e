//! What is measured.

use tollgate::__private::Rate;

use super::subject::Kind;

/// One line of the table.
#[derive(Debug)]
pub struct Row {
    /// Its name there.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    pub(super) kind: Kind,
    /// The clients it decides about.
    pub(super) whose: Whose,
    /// So many times as many decisions as others take, so that a round is long enough to be measured.
    pub(super) times: usize,
    /// The commands by which it asks, in words of `INFO commandstats`.
    pub(super) command: &'static str,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Everybody in turn.
    Everybody,
    /// One client alone.
    One,
}

const SECOND: u64 = 1_000_000_000;
const HOUR: u64 = 3_600 * SECOND;
/// The most that tower-rate-limit-redis takes.
pub(super) const BURST: u16 = u16::MAX;
/// A permit takes so long to come back.
pub(super) const PERMIT_SECONDS: u64 = 60;

const BUSY: &[Rate] = &[Rate::new("default", 1, PERMIT_SECONDS * SECOND).burst(BURST as u32)];
const TWO: &[Rate] = &[
    Rate::new("minute", 1, PERMIT_SECONDS * SECOND).burst(BURST as u32),
    Rate::new("hour", 60, HOUR).burst(2 * BURST as u32),
];
/// It is full again before the next decision.
const IDLE: &[Rate] = &[Rate::new("default", 1_000_000, SECOND)];
/// What one client spends in a whole run.
const HOT: &[Rate] = &[Rate::new("default", 100, SECOND).burst(50_000_000)];
const SPENT: &[Rate] = &[Rate::new("default", 5, HOUR)];

const fn tollgate(rates: &'static [Rate], lease: u32, shares_calls: bool) -> Kind {
    Kind::Tollgate { rates, lease, shares_calls }
}

/// All rows.
pub const ROWS: &[Row] = &[
    Row {
        kind: Kind::Get,
        command: "get",
        ..row("GET", "the plain command, by crate `redis`: what the server could do")
    },
    Row {
        kind: Kind::Incr,
        command: "incr",
        ..row(INCR, "the plain command, which counts and limits nothing")
    },
    Row { kind: tollgate(BUSY, 0, false), ..row(EXACT, "one rate by GCRA, a call for each decision") },
    Row {
        kind: tollgate(IDLE, 0, false),
        ..row(
            "tollgate, full budgets",
            "the same where each client has been away for long enough to have it all",
        )
    },
    Row {
        kind: tollgate(BUSY, 0, true),
        ..row(SHARING, "one rate, where decisions made at the same time share calls")
    },
    Row {
        kind: tollgate(TWO, 0, false),
        ..row("tollgate, two rates", "both in one call of the general script")
    },
    Row {
        kind: tollgate(HOT, 0, false),
        whose: Whose::One,
        ..row(HOT_EXACT, "one rate, all decisions about one client, a call for each")
    },
    Row { kind: tollgate(HOT, 0, true), whose: Whose::One, ..row(HOT_SHARING, "the same, sharing calls") },
    Row {
        kind: tollgate(HOT, 64, true),
        whose: Whose::One,
        times: 32,
        ..row(LEASED, "the same with `lease = 64`: permits are taken in blocks")
    },
    Row {
        kind: tollgate(SPENT, 0, true),
        whose: Whose::One,
        times: 32,
        ..row(REFUSED, "one client that has spent its five an hour")
    },
    Row {
        kind: Kind::TowerRateLimitRedis,
        ..row(TOWER, "its tower service, called directly, without a timeout; one rate by GCRA")
    },
    Row {
        kind: Kind::Trypema,
        ..row(
            "trypema",
            "`absolute().inc(..)` of its Redis provider: a sliding window of a minute, in buckets of 10 ms",
        )
    },
];

pub(super) const INCR: &str = "INCR";
pub(super) const EXACT: &str = "tollgate";
pub(super) const SHARING: &str = "tollgate, sharing calls";
pub(super) const HOT_EXACT: &str = "tollgate, one client";
pub(super) const HOT_SHARING: &str = "tollgate, one client, sharing calls";
pub(super) const LEASED: &str = "tollgate, one client, lease of 64";
pub(super) const REFUSED: &str = "tollgate, one client refused";
pub(super) const TOWER: &str = "tower-rate-limit-redis";

const fn row(name: &'static str, about: &'static str) -> Row {
    Row { name, about, kind: Kind::Get, whose: Whose::Everybody, times: 1, command: "evalsha" }
}

impl Row {
    /// Whether it admits everything.
    pub(super) fn admits(&self) -> bool {
        self.name != REFUSED
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_rows_have_one_name() {
        assert_eq!(ROWS.iter().map(|row| row.name).collect::<HashSet<_>>().len(), ROWS.len());
    }
}
