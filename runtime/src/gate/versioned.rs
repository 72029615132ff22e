//! The version of a request, in front of everything but `with_metrics`: found once, by the item or by the handler itself.

use axum::response::Response;
use http::request::Parts;

use super::policies::Guarded;
use super::visit::Visit;
use crate::app::{Held, Tollgate};
use crate::cache::http::Asked;
use crate::core::{ApiVersion, Chosen, Outcome, Policy, Sink, SiteId, Told, VersionTable};
use crate::http::refused_key;
use crate::versioning::{Refused, Scheme, Stamp, VersionReaders, Versioned};

/// Where the version of a request is found out.
pub(super) struct Door<'a> {
    pub(super) tollgate: &'a Tollgate,
    pub(super) scheme: &'a Scheme,
    pub(super) site: SiteId,
    /// The place of `versioned` among the policies of the site; those of the versions follow.
    pub(super) slot: usize,
}

impl<'a> Door<'a> {
    /// `None` where versions are switched off.
    #[inline]
    pub(super) fn of(
        tollgate: &'a Tollgate,
        table: &'static VersionTable,
        site: SiteId,
        slot: usize,
    ) -> Option<Self> {
        let scheme = tollgate.schemes().of(table).filter(|_| tollgate.is_enabled(Policy::Version))?;
        Some(Self { tollgate, scheme, site, slot })
    }

    /// The version that the request asks for, if somebody answers it, and what the answer says of it.
    #[inline]
    pub(super) fn choose(
        &self,
        parts: &Parts,
        is_answered: impl FnOnce(usize) -> bool,
    ) -> Result<(Chosen, Stamp), Box<Response>> {
        let chosen = match self.scheme.read(parts, self.tollgate.clock()) {
            Ok(chosen) if is_answered(chosen.place()) => chosen,
            Ok(chosen) => return Err(Box::new(self.refuse(self.scheme.hole(chosen), parts))),
            Err(refused) => return Err(Box::new(self.refuse(refused, parts))),
        };
        self.tollgate.instruments().tell(Told::new(self.site, self.slot_of(Some(chosen)), Outcome::Admitted));
        Ok((chosen, self.scheme.stamp(parts, Some(chosen))))
    }

    /// The answer, counted for the version where it is one.
    #[cold]
    fn refuse(&self, refused: Refused, parts: &Parts) -> Response {
        let told = Told::new(self.site, self.slot_of(refused.chosen), Outcome::Refused);
        self.tollgate.instruments().tell(told.refused(refused_key("version", &parts.headers)));
        let stamp = self.scheme.stamp(parts, refused.chosen);
        let mut answer = refused.into_answer();
        stamp.put(self.scheme, &mut answer);
        answer
    }

    fn slot_of(&self, chosen: Option<Chosen>) -> usize {
        self.slot + chosen.map_or(0, |chosen| 1 + chosen.place())
    }
}

impl<P: Guarded> Visit<P> {
    const VERSIONED: Option<&'static Versioned> = P::POLICIES.version();

    /// Finds out for which version the request asks, for a handler that no item has chosen.
    #[inline]
    pub(super) fn choose(self, parts: &mut Parts) -> Result<Self, Box<Response>> {
        match Self::VERSIONED {
            None => Ok(self),
            Some(versioned) => self.choose_alone(versioned, parts),
        }
    }

    #[cold]
    fn choose_alone(mut self, versioned: &Versioned, parts: &mut Parts) -> Result<Self, Box<Response>> {
        let Some(held) = &self.held else { return Ok(self) };
        let Some(door) = Door::of(held, versioned.table(), P::site().id(), P::POLICIES.version_slot()) else {
            return Ok(self);
        };
        match door.choose(parts, |place| versioned.answers(place)) {
            Ok((chosen, stamp)) => {
                parts.extensions.insert(chosen);
                self.stamp = Some(Box::new(stamp));
                Ok(self)
            }
            Err(mut answer) => {
                self.leave(&mut answer);
                Err(answer)
            }
        }
    }

    /// Says in the answer for which version it is.
    #[cold]
    pub(super) fn stamp(&mut self, stamp: Stamp, response: &mut Response) {
        let scheme = Self::VERSIONED.zip(self.held.as_ref());
        if let Some(scheme) = scheme.and_then(|(versioned, held)| held.schemes().of(versioned.table())) {
            stamp.put(scheme, response);
        }
    }
}

/// Makes the versions that a request asks for a part of what is asked of a cache: a handler that answers several tells them apart, and one for
/// all versions may ask for the version as an argument. A program without versions pays nothing for that.
#[inline]
pub(super) fn versions_onto(asked: &mut Asked, tollgate: &Tollgate, parts: &Parts) {
    for scheme in tollgate.schemes().all() {
        let known = parts.extensions.get::<Chosen>().filter(|chosen| chosen.is_of(scheme.table())).copied();
        if let Some(chosen) = known.or_else(|| scheme.read(parts, tollgate.clock()).ok()) {
            asked.with_parts(std::iter::once(chosen.name()));
        }
    }
}

/// The version that a request asks for, for a handler that takes it as an argument.
///
/// # Errors
/// The answer to a request whose version nobody can tell.
#[allow(clippy::result_large_err, reason = "that is what an extractor of axum returns")]
pub fn asked_version<V: ApiVersion>(parts: &Parts) -> Result<V, Response> {
    let known = parts.extensions.get::<Chosen>().and_then(Chosen::as_version);
    if let Some(version) = known {
        return Ok(version);
    }
    let held = Held::of(&parts.extensions);
    if !held.is_enabled(Policy::Version) {
        let newest = V::TABLE.count() - 1;
        return V::at(V::TABLE.default_place().unwrap_or(newest)).ok_or_else(Response::default);
    }
    let read = |scheme: &Scheme| {
        let refused = match scheme.read(parts, held.clock()) {
            Ok(chosen) => return chosen.as_version().ok_or_else(|| Box::new(Response::default())),
            Err(refused) => refused,
        };
        let stamp = scheme.stamp(parts, refused.chosen);
        let mut answer = Box::new(refused.into_answer());
        stamp.put(scheme, &mut answer);
        held.restyle(&mut answer);
        Err(answer)
    };
    let found = match held.schemes().of(V::TABLE) {
        Some(scheme) => read(scheme),
        // Of an API that no handler declares: nobody could have seen to it earlier.
        None => match Scheme::new(V::TABLE, VersionReaders::default()) {
            Ok(scheme) => read(&scheme),
            Err(_) => Err(Box::default()),
        },
    };
    found.map_err(|answer| *answer)
}

/// Whether two handlers answer versions of one API, and none of them both. Asked by the compiler, which cannot name them by itself.
#[must_use]
pub const fn apart(one: Option<&Versioned>, other: Option<&Versioned>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => !one.overlaps(other),
        _ => true,
    }
}
