//! What `#[versioned]` says, as a constant.

use crate::core::{ApiVersion, Outcome, Policy, PolicyEntry, VersionTable};

/// The versions that a handler answers: a range of those of an API.
#[derive(Clone, Copy, Debug)]
pub struct Versioned {
    table: &'static VersionTable,
    /// The place of the oldest.
    since: usize,
    /// The place behind the newest.
    before: usize,
}

impl Versioned {
    /// All versions of `V`.
    #[must_use]
    pub const fn of<V: ApiVersion>() -> Self {
        Self { table: V::TABLE, since: 0, before: V::TABLE.count() }
    }

    /// From the version at that place on.
    ///
    /// # Panics
    /// At compile time, where nothing is left.
    #[must_use]
    pub const fn since(mut self, place: usize) -> Self {
        assert!(place < self.before, "this answers no version: `since` has to be older than `before`");
        self.since = place;
        self
    }

    /// Up to the version in front of that place.
    ///
    /// # Panics
    /// At compile time, where nothing is left.
    #[must_use]
    pub const fn before(mut self, place: usize) -> Self {
        assert!(self.since < place, "this answers no version: `since` has to be older than `before`");
        assert!(place <= self.table.count(), "there is no such version");
        self.before = place;
        self
    }

    /// The version at that place alone.
    #[must_use]
    pub const fn only(self, place: usize) -> Self {
        self.before(place + 1).since(place)
    }

    /// All versions of the API.
    #[must_use]
    pub const fn table(&self) -> &'static VersionTable {
        self.table
    }

    /// Whether it answers the version at that place.
    #[inline]
    #[must_use]
    pub const fn answers(&self, place: usize) -> bool {
        self.since <= place && place < self.before
    }

    /// The place of the oldest version that it answers.
    #[must_use]
    pub const fn first(&self) -> usize {
        self.since
    }

    /// The place of the newest.
    #[must_use]
    pub const fn last(&self) -> usize {
        self.before - 1
    }

    /// Whether both answer some version.
    #[must_use]
    pub const fn overlaps(&self, other: &Self) -> bool {
        self.since < other.before && other.since < self.before
    }

    /// How many entries it has in an inventory: one, and one for each version of the API.
    #[must_use]
    pub const fn slots(&self) -> usize {
        1 + self.table.count()
    }

    /// How an inventory lists it: what refuses requests whose version nobody could tell, then each version with who asked for it.
    pub fn entries(&'static self) -> impl Iterator<Item = PolicyEntry> {
        const OUTCOMES: &[Outcome] = &[Outcome::Admitted, Outcome::Refused];
        let label = Policy::Version.attribute();
        let own =
            PolicyEntry::new(Policy::Version, label, self.summary(), &[Outcome::Refused]).declared_as(self);
        let each = self.table.versions().iter();
        std::iter::once(own)
            .chain(each.map(|version| PolicyEntry::new(Policy::Version, version.label(), "", OUTCOMES)))
    }

    fn summary(&self) -> String {
        let name = |place: usize| self.table.versions().get(place).map_or("", |version| version.name());
        let (first, last) = (name(self.first()), name(self.last()));
        if self.first() == self.last() {
            first.to_owned()
        } else if self.before == self.table.count() {
            format!("since {first}")
        } else {
            format!("{first} to {last}")
        }
    }
}
