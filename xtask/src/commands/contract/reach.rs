//! How far into a service the cases of schemathesis came.

use std::collections::BTreeSet;

use super::tally::Tally;
use crate::failure::{Failure, Outcome};

/// Of those in whose name everything may be done.
pub(super) const CASES: usize = 500;
/// Answers behind which no handler did its work.
const TURNED_AWAY: &[&str] = &["401", "403", "404", "405", "429"];

/// All answers, by operation and status, and the operations that the document has.
pub(super) struct Reach<'a> {
    pub(super) tally: &'a Tally,
    pub(super) operations: &'a BTreeSet<String>,
}

impl Reach<'_> {
    /// Fails if there were too few cases, if most were turned away at the door, or all of an operation.
    pub(super) fn check(&self) -> Outcome {
        let (total, heard) = (self.tally.total(), self.heard());
        if total < CASES {
            return Err(Failure::broken(format!("{total} cases are fewer than {CASES}")));
        }
        if heard * 2 < total {
            return Err(Failure::broken(format!("of {total} cases, only {heard} reached a handler")));
        }
        match self.operations.iter().find(|operation| !self.is_accepted(operation)) {
            Some(operation) => Err(Failure::broken(format!(
                "nothing that was sent to {operation} was accepted: its document may need an example"
            ))),
            None => Ok(()),
        }
    }

    /// How many cases were not turned away.
    fn heard(&self) -> usize {
        let is_heard =
            |kind: &str, status: &str| self.operations.contains(kind) && !TURNED_AWAY.contains(&status);
        self.tally.count_where(is_heard)
    }

    fn is_accepted(&self, operation: &str) -> bool {
        self.tally.count_where(|kind, status| kind == operation && status.starts_with('2')) > 0
    }

    /// How many cases there were, the statuses of each operation, and what else was sent.
    pub(super) fn lines(&self) -> String {
        let (tally, others) = self.tally.clone().split(|kind| self.operations.contains(kind));
        let mut lines = vec![format!("{} cases, {} not turned away", self.tally.total(), self.heard())];
        lines.extend(tally.lines());
        lines.push(format!("  by methods that the document does not have: {others}"));
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENOUGH: &[(&str, &str, usize)] =
        &[("GET /a", "200", 250), ("GET /a", "404", 248), ("PUT /a", "405", 2)];

    /// What is wrong, or how it is told.
    fn reach(ends: &[(&str, &str, usize)]) -> Result<String, String> {
        let (tally, operations) = (Tally::of(ends), BTreeSet::from(["GET /a".to_owned()]));
        let reach = Reach { tally: &tally, operations: &operations };
        let told = reach.check().map(|()| reach.lines());
        told.map_err(|failure| failure.message().unwrap().to_owned())
    }

    #[test]
    fn cases_must_come_far_enough() {
        assert!(reach(ENOUGH).is_ok());
        assert_eq!(reach(&[("GET /a", "200", 499)]).unwrap_err(), "499 cases are fewer than 500");
        let turned_away = reach(&[("GET /a", "200", 249), ("GET /a", "401", 251)]);
        assert_eq!(turned_away.unwrap_err(), "of 500 cases, only 249 reached a handler");
        assert!(reach(&[("GET /a", "400", 500)]).unwrap_err().starts_with("nothing that was sent to GET /a"));
    }

    #[test]
    fn other_methods_are_told_apart() {
        let lines = "500 cases, 250 not turned away\n  GET /a   498   200: 250, 404: 248\n  \
            by methods that the document does not have: 2";
        assert_eq!(reach(ENOUGH).unwrap(), lines);
    }
}
