//! Sites: the annotated functions of a program, registered at link time.
//!
//! A site is one static beside one annotated function. State is found by that static's id, never by its name: two
//! functions of one name in two bodies are two sites. The name is what people see, in metrics, inventories and
//! logs.

use std::collections::HashMap;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

use super::policy::PolicyEntry;

/// Every site that the linker put into this program.
///
/// A crate that nothing in the program names is not linked, and registers nothing.
#[linkme::distributed_slice]
pub static SITES: [Site];

/// Where an annotated function stands in the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The source file.
    pub file: &'static str,
    /// The line of its attributes, from 1.
    pub line: u32,
    /// The column of its attributes, from 1.
    pub column: u32,
    /// The path of the module around it.
    pub module: &'static str,
    /// The function's name, without `r#`.
    pub function: &'static str,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{} ({}:{}:{})", self.module, self.function, self.file, self.line, self.column)
    }
}

/// A site's place among the sites of its program, from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SiteId(u32);

impl SiteId {
    /// As an index into a table with an entry per site.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// As a number that tells sites apart.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// One annotated function: one for all instantiations of a generic one.
pub struct Site {
    origin: Origin,
    written_name: Option<&'static str>,
    describe: fn() -> Vec<PolicyEntry>,
    id: OnceLock<SiteId>,
}

impl Site {
    /// A site as generated code declares it.
    #[must_use]
    pub const fn new(
        origin: Origin,
        written_name: Option<&'static str>,
        describe: fn() -> Vec<PolicyEntry>,
    ) -> Self {
        Self { origin, written_name, describe, id: OnceLock::new() }
    }

    /// Where it stands.
    #[must_use]
    pub const fn origin(&self) -> &Origin {
        &self.origin
    }

    /// Its policies, outermost first.
    #[must_use]
    pub fn policies(&self) -> Vec<PolicyEntry> {
        (self.describe)()
    }

    /// The name that people see: the written one, or `module::function`, with `@line` where that is not unique.
    #[must_use]
    pub fn name(&self) -> &'static str {
        Registry::get().name(self.id())
    }

    /// A name that tells nothing of modules: the written one, or the function's.
    #[must_use]
    pub(crate) const fn public_name(&self) -> &'static str {
        match self.written_name {
            Some(name) => name,
            None => self.origin.function,
        }
    }

    /// Its place in the registry.
    #[inline]
    #[must_use]
    pub fn id(&self) -> SiteId {
        match self.id.get() {
            Some(id) => *id,
            None => Registry::id_of(self),
        }
    }
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// A written name that several sites claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NameCollision {
    /// The name.
    pub name: &'static str,
    /// Who claims it.
    pub origins: Vec<Origin>,
}

/// All sites of the program, in the order of their sources.
#[derive(Debug)]
pub(crate) struct Registry {
    sites: Vec<&'static Site>,
    names: Vec<String>,
    collisions: Vec<NameCollision>,
}

impl Registry {
    /// The program's registry, made when it is first asked for.
    #[must_use]
    pub(crate) fn get() -> &'static Self {
        static REGISTRY: LazyLock<Registry> = LazyLock::new(|| Registry::of(&SITES));
        &REGISTRY
    }

    /// The sites in order; a site's id is its index.
    #[must_use]
    pub(crate) fn sites(&self) -> &[&'static Site] {
        &self.sites
    }

    /// A site's number among those of its module and function name, in the order of their sources. Together they
    /// tell it from all others, and stay the same while code moves around it.
    #[must_use]
    #[allow(dead_code, reason = "documents ask, where their feature is on")]
    pub(crate) fn ordinal(&self, site: &Site) -> usize {
        let is_namesake = |other: &&&Site| {
            (other.origin.module, other.origin.function) == (site.origin.module, site.origin.function)
        };
        self.sites.iter().take(site.id().index()).filter(is_namesake).count()
    }

    /// The written names that several sites claim.
    #[must_use]
    pub(crate) fn collisions(&self) -> &[NameCollision] {
        &self.collisions
    }

    /// The name of the site with that id.
    #[must_use]
    pub(crate) fn name(&self, id: SiteId) -> &str {
        self.names.get(id.index()).map_or("", String::as_str)
    }

    fn of(all: &'static [Site]) -> Self {
        let mut sites: Vec<_> = all.iter().collect();
        // Position decides the order alone: one call of a macro can write several functions at one position.
        sites.sort_by_key(|site| site.origin);
        for (place, site) in sites.iter().enumerate() {
            let _ = site.id.set(SiteId(u32::try_from(place).unwrap_or(u32::MAX)));
        }
        Self { names: names(&sites), collisions: collisions(&sites), sites }
    }

    /// Reached only in the moment before the registry has told every site its id, and by a site that the linker does
    /// not know: that one has no place in any table.
    #[cold]
    fn id_of(site: &Site) -> SiteId {
        let _ = Self::get();
        site.id.get().copied().unwrap_or(SiteId(u32::MAX))
    }
}

/// The names in order: as written, or by path, then by line, then by place, until they are unique.
fn names(sites: &[&Site]) -> Vec<String> {
    let by_path = |site: &Site| {
        site.written_name
            .map_or_else(|| format!("{}::{}", site.origin.module, site.origin.function), str::to_owned)
    };
    let mut names: Vec<_> = sites.iter().map(|site| by_path(site)).collect();
    mark_repeated(&mut names, |place, _| format!("@{}", sites[place].origin.line));
    mark_repeated(&mut names, |_, nth| format!("#{nth}"));
    names
}

/// Marks every name that stands there several times, by its place and by its number among its equals.
fn mark_repeated(names: &mut [String], mark: impl Fn(usize, usize) -> String) {
    let mut places = HashMap::<String, Vec<usize>>::new();
    for (place, name) in names.iter().enumerate() {
        places.entry(name.clone()).or_default().push(place);
    }
    for equals in places.into_values().filter(|equals| equals.len() > 1) {
        for (nth, place) in equals.into_iter().enumerate() {
            names[place].push_str(&mark(place, nth + 1));
        }
    }
}

fn collisions(sites: &[&Site]) -> Vec<NameCollision> {
    let mut claims: Vec<(&'static str, Origin)> =
        sites.iter().filter_map(|site| Some((site.written_name?, site.origin))).collect();
    claims.sort_unstable();
    claims
        .chunk_by(|one, other| one.0 == other.0)
        .filter(|claim| claim.len() > 1)
        .map(|claim| NameCollision { name: claim[0].0, origins: claim.iter().map(|c| c.1).collect() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(function: &'static str, line: u32, name: Option<&'static str>) -> Site {
        Site::new(Origin { file: "a.rs", line, column: 1, module: "m", function }, name, Vec::new)
    }

    fn registry(sites: Vec<Site>) -> Registry {
        Registry::of(Vec::leak(sites))
    }

    #[test]
    fn a_site_is_named_by_its_path_and_by_its_line_only_where_that_is_not_unique() {
        let registry = registry(vec![site("list", 1, None), site("get", 9, None), site("get", 5, None)]);
        assert_eq!(registry.names, ["m::list", "m::get@5", "m::get@9"]);
    }

    #[test]
    fn every_static_is_a_site_even_where_one_macro_call_wrote_several_at_one_position() {
        let registry = registry(vec![site("get", 5, None), site("list", 1, None), site("get", 5, None)]);
        assert_eq!(registry.names, ["m::list", "m::get@5#1", "m::get@5#2"]);
        let ids: Vec<_> = registry.sites.iter().map(|site| site.id().index()).collect();
        assert_eq!(ids, [0, 1, 2]);
    }

    #[test]
    fn functions_of_one_name_on_one_line_are_still_told_apart() {
        let (mut a, mut b) = (site("get", 5, None), site("get", 5, None));
        (a.origin.column, b.origin.column) = (1, 40);
        assert_eq!(registry(vec![a, b]).names, ["m::get@5#1", "m::get@5#2"]);
    }

    #[test]
    fn only_written_names_collide() {
        let registry = registry(vec![
            site("a", 1, Some("orders")),
            site("b", 2, Some("orders")),
            site("c", 3, None),
            site("c", 4, None),
        ]);
        let [collision] = registry.collisions() else { panic!("one collision") };
        assert_eq!(collision.name, "orders");
        assert_eq!(collision.origins.iter().map(|origin| origin.function).collect::<Vec<_>>(), ["a", "b"]);
    }
}
