//! The readers of one API, ready: from the head of a request to a version, or to a refusal.

use http::HeaderName;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::request::Parts;

use super::found::{Place, Source};
use super::path::InPath;
use super::policy::Versioned;
use super::readers::{OnHole, Reader, VersionReaders};
use super::refusal::{self, Refused};
use super::stamp::{Stamp, Stamps};
use crate::core::{Chosen, Clock, Lookup, Registry, Site, VersionInfo, VersionTable};
use crate::http::dates;

/// How the version of a request is found, for one API.
#[derive(Debug)]
pub(crate) struct Scheme {
    table: &'static VersionTable,
    places: Vec<Place>,
    /// What stands in front of versions in paths; `None` where these have none.
    prefix: Option<String>,
    on_hole: OnHole,
    stamps: Stamps,
}

impl Scheme {
    /// By these readers.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub(crate) fn new(table: &'static VersionTable, readers: VersionReaders) -> Result<Self, Vec<String>> {
        let VersionReaders { readers, on_hole } = readers;
        let mut faults = Vec::new();
        if readers.is_empty() {
            faults.push(
                "there are no readers: write `VersionReaders::default()`, or where versions stand".to_owned(),
            );
        }
        let (mut places, mut prefix) = (Vec::new(), None);
        for reader in readers {
            match placed(reader) {
                Ok(Ready::Place(place)) => places.push(place),
                Ok(Ready::Prefix(written)) if prefix.is_none() => prefix = Some(written),
                Ok(Ready::Prefix(_)) => faults.push(
                    "versions stand in paths at one place: keep one of `.path()` and `.path_under(..)`"
                        .to_owned(),
                ),
                Err(fault) => faults.push(fault),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let headers: Vec<_> = places.iter().flat_map(headers_of).collect();
        let stamps = Stamps::new(table, first_header(&places), &headers);
        Ok(Self { table, places, prefix, on_hole, stamps })
    }

    /// All versions.
    pub(crate) const fn table(&self) -> &'static VersionTable {
        self.table
    }

    /// What stands in front of versions in paths; `None` where these have none.
    pub(crate) fn prefix(&self) -> Option<&str> {
        self.prefix.as_deref()
    }

    /// The parameter of the query, where there is one.
    pub(crate) fn query(&self) -> Option<&str> {
        self.places.iter().find_map(|place| match place {
            Place::Query(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The version that a request asks for.
    #[inline]
    pub(crate) fn read(&self, parts: &Parts, clock: &dyn Clock) -> Result<Chosen, Refused> {
        let mut found = None;
        if self.prefix.is_some()
            && let Some(in_path) = parts.extensions.get::<InPath>()
            && in_path.chosen.is_of(self.table)
        {
            found = Some(in_path.chosen.place());
        }
        for place in &self.places {
            place.each(parts, |text, source| self.take(&mut found, text, source))?;
        }
        let Some(place) = found.or(self.table.default_place()) else {
            return Err(refusal::required(self.table, &self.example()));
        };
        let chosen = Chosen::new(self.table, place);
        match chosen.info().and_then(VersionInfo::gone_from) {
            Some(sunset) if is_past(sunset, clock) => Err(refusal::gone(self.table, chosen)),
            _ => Ok(chosen),
        }
    }

    /// One version that the request says, beside what it has said.
    #[inline]
    fn take(&self, found: &mut Option<usize>, text: &str, source: Source) -> Result<(), Refused> {
        let place = match self.table.find(text) {
            Lookup::Known(place) => place,
            Lookup::Unsupported => return Err(refusal::unsupported(self.table, text, source)),
            Lookup::Malformed => return Err(refusal::malformed(self.table, text)),
        };
        match found.replace(place) {
            Some(other) if other != place => {
                let name = |place| Chosen::new(self.table, place).name();
                Err(refusal::ambiguous(self.table, name(other), name(place)))
            }
            _ => Ok(()),
        }
    }

    /// The answer where nothing answers that version.
    pub(crate) fn hole(&self, chosen: Chosen) -> Refused {
        refusal::hole(self.table, chosen, self.on_hole)
    }

    /// What answers to a request say of its version.
    #[inline]
    pub(crate) fn stamp(&self, parts: &Parts, chosen: Option<Chosen>) -> Stamp {
        Stamp::new(self, parts, chosen)
    }

    #[inline]
    pub(super) const fn stamps(&self) -> &Stamps {
        &self.stamps
    }

    /// What a request could have sent.
    fn example(&self) -> String {
        let newest = self.table.versions().iter().rfind(|version| !version.is_preview());
        let name = newest.map_or("", VersionInfo::name);
        match (first_header(&self.places), self.query(), &self.prefix) {
            (Some(header), _, _) => format!("send `{}: {name}`", shown(header)),
            (None, Some(query), _) => format!("add `?{query}={name}`"),
            (None, None, Some(prefix)) => format!("ask below `{prefix}/{name}`"),
            (None, None, None) => format!("send `Accept: application/json;v={name}`"),
        }
    }
}

#[cfg(feature = "openapi")]
impl Scheme {
    /// The header field, where there is one.
    pub(super) fn header(&self) -> Option<&HeaderName> {
        first_header(&self.places)
    }

    /// Whether versions stand at one place alone.
    pub(super) fn is_only_one(&self) -> bool {
        self.places.len() + usize::from(self.prefix.is_some()) == 1
    }
}

/// As people write it.
pub(super) fn shown(header: &HeaderName) -> &str {
    if *header == super::readers::API_VERSION { "API-Version" } else { header.as_str() }
}

#[cold]
fn is_past(second: u64, clock: &dyn Clock) -> bool {
    i64::try_from(second).is_ok_and(|second| second <= dates::unix(clock.wall()))
}

/// A reader whose name is known to be one.
enum Ready {
    Place(Place),
    Prefix(String),
}

fn placed(reader: Reader) -> Result<Ready, String> {
    Ok(Ready::Place(match reader {
        Reader::Header(name) => match HeaderName::try_from(name.as_str()) {
            Ok(header) => Place::Header(header),
            Err(_) => {
                return Err(format!(
                    "`.header(\"{}\")` is no name of a field: write `API-Version`",
                    name.escape_debug()
                ));
            }
        },
        Reader::Query(name) if name.is_empty() => {
            return Err("`.query(\"\")` is no name of a parameter: write `api-version`".to_owned());
        }
        Reader::Query(name) => Place::Query(name),
        Reader::MediaType(base)
            if base.split_once('/').is_none_or(|(of, name)| of.is_empty() || name.is_empty()) =>
        {
            return Err(format!(
                "`.media_type(\"{}\")` is no media type: write one like `application/vnd.airports`",
                base.escape_debug()
            ));
        }
        Reader::MediaType(base) => Place::MediaType(base),
        Reader::Own(read) => Place::Own(read),
        Reader::Path(prefix) if !prefix.is_empty() && (!prefix.starts_with('/') || prefix.ends_with('/')) => {
            return Err(format!(
                "`.path_under(\"{}\")` is no path that versions stand behind: write one like `/api`",
                prefix.escape_debug()
            ));
        }
        Reader::Path(prefix) => return Ok(Ready::Prefix(prefix)),
    }))
}

fn first_header(places: &[Place]) -> Option<&HeaderName> {
    places.iter().find_map(|place| match place {
        Place::Header(name) => Some(name),
        _ => None,
    })
}

/// The fields of a request that an answer depends on.
fn headers_of(place: &Place) -> Vec<HeaderName> {
    match place {
        Place::Header(name) => vec![name.clone()],
        Place::MediaType(_) => vec![ACCEPT, CONTENT_TYPE],
        Place::Query(_) | Place::Own(_) => Vec::new(),
    }
}

/// All APIs of the program.
#[derive(Debug)]
pub(crate) struct Schemes(Vec<Scheme>);

impl Schemes {
    /// Those that were set up, and by the header `API-Version` those that were not.
    pub(crate) fn new(mut schemes: Vec<Scheme>) -> Self {
        for table in Registry::get().sites().iter().flat_map(|site| tables_of(site)) {
            if !schemes.iter().any(|scheme| std::ptr::eq(scheme.table, table)) {
                schemes.extend(Scheme::new(table, VersionReaders::default()));
            }
        }
        Self(schemes)
    }

    /// All of them.
    #[inline]
    pub(crate) fn all(&self) -> &[Scheme] {
        &self.0
    }

    /// That of an API; `None` where no handler has its versions and nobody set it up.
    #[inline]
    pub(crate) fn of(&self, table: &'static VersionTable) -> Option<&Scheme> {
        self.0.iter().find(|scheme| std::ptr::eq(scheme.table, table))
    }
}

fn tables_of(site: &Site) -> impl Iterator<Item = &'static VersionTable> {
    site.policies().into_iter().filter_map(|entry| entry.declared::<Versioned>().map(Versioned::table))
}
