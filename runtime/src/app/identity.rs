//! Who sent a request: asked once, by whoever needs it first.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::{Held, Tollgate, TollgateId};
use crate::core::{Outcome, Principal, TraceId};
use crate::http::{
    Problem, Refusal, RefusalKind, Resolution, Resolver, log_refused, refused, trace_id, unauthorized,
};

/// What a resolver said of this request, under a type that only we can make.
#[derive(Clone)]
pub(crate) struct Resolved {
    /// Whose resolver it was: another `Tollgate` has no reason to believe it. `None` where a test says who asks.
    by: Option<TollgateId>,
    resolution: Resolution,
}

impl Resolved {
    /// A test says who asks.
    #[cfg(any(feature = "testing", test))]
    pub(crate) const fn for_test(principal: Principal) -> Self {
        Self { by: None, resolution: Ok(Some(principal)) }
    }

    fn holds_for(&self, tollgate: TollgateId) -> bool {
        self.by.is_none_or(|by| by == tollgate)
    }
}

impl Tollgate {
    /// Who sent the request, asked once however many want to know. Nobody, where no resolver was named.
    pub(crate) async fn resolution(&self, parts: &mut Parts) -> Resolution {
        let own = self.id();
        if let Some(known) = parts.extensions.get::<Resolved>().filter(|known| known.holds_for(own)) {
            return known.resolution.clone();
        }
        let Some(resolver) = &self.inner.resolver else { return Ok(None) };
        let resolution = resolver.resolve_any(parts).await;
        if let Err(refusal) = &resolution {
            log_reason(refusal, trace_id(&parts.headers));
        }
        parts.extensions.insert(Resolved { by: Some(own), resolution: resolution.clone() });
        resolution
    }

    /// Who sent it where nobody is asked: a test says so, or nobody does.
    #[inline]
    #[allow(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "without the feature nobody says anything"
    )]
    pub(crate) fn presumed(&self, parts: &Parts) -> Resolution {
        #[cfg(any(feature = "testing", test))]
        if let Some(known) = parts.extensions.get::<Resolved>().filter(|known| known.by.is_none()) {
            return known.resolution.clone();
        }
        let _ = parts;
        Ok(None)
    }

    pub(crate) fn resolver(&self) -> Resolver<'_> {
        self.inner.resolver.as_deref()
    }
}

/// Why a resolver named nobody: for the log alone.
#[cold]
fn log_reason(refusal: &Refusal, trace_id: Option<TraceId>) {
    let trace_id = trace_id.map(tracing::field::display);
    match refusal.kind() {
        RefusalKind::Invalid => {
            tracing::debug!(target: "tollgate::credentials", reason = %refusal, trace_id, "credentials are not valid");
        }
        RefusalKind::Unavailable => {
            tracing::warn!(target: "tollgate::credentials", reason = %refusal, trace_id, "credentials cannot be checked");
        }
    }
}

/// Whoever sent the request; 401 where nobody has proven who it is.
///
/// Works with and without `#[authorize]` on the function.
impl<S: Send + Sync> FromRequestParts<S> for Principal {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let held = Held::of(&parts.extensions);
        match held.resolution(parts).await {
            Ok(Some(principal)) => Ok(principal),
            Ok(None) => {
                log_refused("principal", "anonymous", Outcome::Refused, &parts.headers);
                Err(unauthorized(held.resolver(), false))
            }
            Err(refusal) => {
                log_refused("principal", "credentials", refusal.kind().outcome(), &parts.headers);
                Err(refused(held.resolver(), refusal.kind()))
            }
        }
    }
}

/// Whoever sent the request, if that is known. It refuses nobody: neither for want of credentials nor
/// for wrong ones, nor where they cannot be checked.
impl<S: Send + Sync> OptionalFromRequestParts<S> for Principal {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(Held::of(&parts.extensions).resolution(parts).await.ok().flatten())
    }
}
