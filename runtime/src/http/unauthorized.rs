//! The answers to who has not proven who it is: 401 with a challenge, and 503 where nobody can tell.

use std::sync::Once;

use http::StatusCode;
use http::header::WWW_AUTHENTICATE;

use super::problem::Problem;
use super::resolver::{AnyResolver, AuthScheme, RefusalKind};

/// Whoever is to be asked for principals, if anybody was named.
pub(crate) type Resolver<'a> = Option<&'a dyn AnyResolver>;

/// A 401, which says by which scheme to authenticate.
pub(crate) fn unauthorized(resolver: Resolver<'_>, are_invalid: bool) -> Problem {
    if resolver.is_none() {
        warn_of_missing_resolver();
    }
    challenge(&resolver.map_or(AuthScheme::Bearer, AnyResolver::any_scheme), are_invalid)
}

/// A 401 as documents show it.
#[cfg(feature = "openapi")]
pub(super) fn unauthorized_example() -> Problem {
    challenge(&AuthScheme::Bearer, false)
}

fn challenge(scheme: &AuthScheme, are_invalid: bool) -> Problem {
    let detail = if are_invalid {
        "the credentials of this request are not valid"
    } else {
        "this request needs credentials"
    };
    Problem::new(StatusCode::UNAUTHORIZED)
        .detail(detail)
        .header(WWW_AUTHENTICATE, scheme.challenge(are_invalid))
}

/// The answer to a refusal of the resolver.
pub(crate) fn refused(resolver: Resolver<'_>, kind: RefusalKind) -> Problem {
    match kind {
        RefusalKind::Invalid => unauthorized(resolver, true),
        RefusalKind::Unavailable => Problem::new(StatusCode::SERVICE_UNAVAILABLE)
            .detail("credentials cannot be checked at the moment: try again later"),
    }
}

/// The answer to whoever has not proven who it is, by what the resolver made of its credentials, if it refused any.
pub(crate) fn unproven(resolver: Resolver<'_>, refusal: Option<RefusalKind>) -> Problem {
    refusal.map_or_else(|| unauthorized(resolver, false), |kind| refused(resolver, kind))
}

#[cold]
fn warn_of_missing_resolver() {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| {
        tracing::warn!(
            "a request was refused because it needs a principal and nobody tells who that is: name a resolver by \
             `Tollgate::builder().principal(..)`"
        );
    });
}
