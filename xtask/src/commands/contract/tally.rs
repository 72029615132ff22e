//! What came of many requests, counted by their kinds.

use std::collections::BTreeMap;

/// How often each end came of each kind of request; an end is a status, or `closed`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally(BTreeMap<String, BTreeMap<String, usize>>);

impl Tally {
    #[cfg(test)]
    pub(super) fn of(ends: &[(&str, &str, usize)]) -> Self {
        let mut tally = Self::default();
        for (kind, end, count) in ends {
            tally.add(kind, (*end).to_owned(), *count);
        }
        tally
    }

    pub(super) fn add(&mut self, kind: &str, end: String, count: usize) {
        *self.0.entry(kind.to_owned()).or_default().entry(end).or_default() += count;
    }

    pub(super) fn merge(&mut self, other: Self) {
        for (kind, ends) in other.0 {
            for (end, count) in ends {
                self.add(&kind, end, count);
            }
        }
    }

    pub(super) fn count(&self, kind: &str, end: &str) -> usize {
        self.0.get(kind).and_then(|ends| ends.get(end)).copied().unwrap_or_default()
    }

    /// How often what is counted came.
    pub(super) fn count_where(&self, is_counted: impl Fn(&str, &str) -> bool) -> usize {
        let each =
            self.0.iter().flat_map(|(kind, ends)| ends.iter().map(move |(end, count)| (kind, end, count)));
        each.filter(|(kind, end, _)| is_counted(kind, end)).map(|(_, _, count)| count).sum()
    }

    /// Only these kinds, and how many requests were of others.
    pub(super) fn split(self, is_kept: impl Fn(&str) -> bool) -> (Self, usize) {
        let (kept, others): (BTreeMap<_, _>, BTreeMap<_, _>) =
            self.0.into_iter().partition(|(kind, _)| is_kept(kind));
        (Self(kept), others.values().flat_map(BTreeMap::values).sum())
    }

    pub(super) fn total(&self) -> usize {
        self.0.values().flat_map(BTreeMap::values).sum()
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let width = self.0.keys().map(String::len).max().unwrap_or_default();
        let line = |(kind, ends): (&String, &BTreeMap<String, usize>)| {
            let total: usize = ends.values().sum();
            let ends: Vec<_> = ends.iter().map(|(end, count)| format!("{end}: {count}")).collect();
            format!("  {kind:<width$} {total:>5}   {}", ends.join(", "))
        };
        self.0.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_of_them_is_one_line_for_a_kind() {
        let mut tally = Tally::of(&[("paths", "404", 20)]);
        tally.merge(Tally::of(&[("paths", "200", 1), ("cut", "closed", 3)]));
        assert_eq!(tally.lines(), ["  cut       3   closed: 3", "  paths    21   200: 1, 404: 20"]);
    }

    #[test]
    fn kinds_and_ends_are_counted() {
        let tally = Tally::of(&[("paths", "404", 20), ("paths", "200", 2)]);
        assert_eq!(
            (tally.count("paths", "404"), tally.count("paths", "500"), tally.count("cut", "404")),
            (20, 0, 0)
        );
        assert_eq!(tally.count_where(|kind, end| kind == "paths" && end.starts_with('2')), 2);
        assert_eq!(tally.count_where(|kind, _| kind == "cut"), 0);
        assert_eq!(tally.total(), 22);
    }

    #[test]
    fn other_kinds_are_left_out_and_counted() {
        let all = Tally::of(&[("paths", "404", 20), ("cut", "closed", 3)]);
        assert_eq!(all.split(|kind| kind == "paths"), (Tally::of(&[("paths", "404", 20)]), 3));
    }
}
