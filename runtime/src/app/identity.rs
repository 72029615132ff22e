//! Who sent a request: asked once, by whoever needs it first.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;

use super::{Held, Tollgate};
use crate::core::Principal;
use crate::http::{Problem, RefusalKind, Resolution, Resolver, refused, unauthorized};

/// What the resolver said of this request, under a type that only we can make.
#[derive(Clone)]
pub(crate) struct Resolved(pub(crate) Resolution);

impl Tollgate {
    /// Who sent the request, asked once however many want to know. Nobody, where no resolver was named.
    pub(crate) async fn resolution(&self, parts: &mut Parts) -> Resolution {
        if let Some(Resolved(resolution)) = parts.extensions.get() {
            return resolution.clone();
        }
        let Some(resolver) = &self.inner.resolver else { return Ok(None) };
        let resolution = resolver.resolve_any(parts).await;
        if let Err(refusal) = &resolution {
            match refusal.kind() {
                RefusalKind::Invalid => {
                    tracing::debug!(reason = %refusal, "credentials were refused");
                }
                RefusalKind::Unavailable => {
                    tracing::warn!(reason = %refusal, "credentials could not be checked");
                }
            }
        }
        parts.extensions.insert(Resolved(resolution.clone()));
        resolution
    }

    pub(crate) fn resolver(&self) -> Resolver<'_> {
        self.inner.resolver.as_deref()
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
            Ok(None) => Err(unauthorized(held.resolver(), false)),
            Err(refusal) => Err(refused(held.resolver(), refusal.kind())),
        }
    }
}

/// Whoever sent the request, if that is known. It refuses nobody: neither for want of credentials nor for wrong ones.
impl<S: Send + Sync> OptionalFromRequestParts<S> for Principal {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(Held::of(&parts.extensions).resolution(parts).await.ok().flatten())
    }
}
