//! The guard of operational routes.

use std::fmt;

use axum::extract::FromRequestParts;
use http::header::WWW_AUTHENTICATE;
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use super::{Held, Tollgate};
use crate::core::Outcome;
use crate::http::credentials::{Digest, Digester, Presented, bearer, is_token68};
use crate::http::{AuthScheme, Problem, log_refused};

/// Whoever may operate the service: an extractor that lets nobody past without the [admin
/// token](crate::TollgateBuilder::admin_token) (`Authorization: Bearer ..`).
///
/// The token is compared as a digest, so a refusal tells by its time neither how long it is nor how much of it was guessed.
/// Without a token in the settings every request is refused (403); with a wrong one, or none, it is a 401.
///
/// ```
/// use axum::{Router, middleware::from_extractor, routing::{get, post}};
/// use tollgate::Admin;
///
/// async fn drain(_: Admin) -> &'static str {
///     "draining"
/// }
///
/// let app: Router = Router::new()
///     .route("/drain", post(drain))
///     .route("/debug", get(async || "all is well"))
///     // The same for every route so far. `.layer(..)` would guard the fallback too, and so answer 401 to every unknown
///     // path of a router that this one is merged into.
///     .route_layer(from_extractor::<Admin>());
/// ```
///
/// A refusal is an event of `tracing`, as those of policies are (`policy = "admin"`).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Admin;

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Held::of(&parts.extensions).admit_admin(&parts.headers)
    }
}

impl Tollgate {
    /// Lets whoever presents the admin token pass.
    pub(super) fn admit_admin(&self, headers: &HeaderMap) -> Result<Admin, Problem> {
        let Some(token) = &self.inner.admin_token else {
            log("anonymous", headers);
            return Err(Problem::new(StatusCode::FORBIDDEN).detail("this service has no operators"));
        };
        match bearer(headers) {
            Presented::Value(presented) if token.is(presented) => Ok(Admin),
            Presented::Value(_) | Presented::Malformed => {
                log("credentials", headers);
                Err(not_admin(true))
            }
            Presented::Nothing => {
                log("anonymous", headers);
                Err(not_admin(false))
            }
        }
    }
}

fn log(key_class: &'static str, headers: &HeaderMap) {
    log_refused("admin", key_class, Outcome::Refused, headers);
}

fn not_admin(are_invalid: bool) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED)
        .detail("this is for the operators of the service")
        .header(WWW_AUTHENTICATE, AuthScheme::Bearer.challenge(are_invalid))
}

/// The admin token, as it was written.
#[derive(Clone)]
pub(super) struct WrittenToken(String);

impl WrittenToken {
    pub(super) fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// `None` where it is too short, or could not be presented in a header field.
    pub(super) fn kept(&self) -> Option<AdminToken> {
        AdminToken::new(&self.0)
    }
}

/// Settings are printed; secrets are not.
impl fmt::Debug for WrittenToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WrittenToken(..)")
    }
}

/// The admin token, as it is kept.
pub(super) struct AdminToken {
    digester: Digester,
    digest: Digest,
}

impl AdminToken {
    /// Below this many characters it can be guessed.
    pub(super) const SHORTEST: usize = 16;

    fn new(token: &str) -> Option<Self> {
        let digester = Digester::new();
        (is_token68(token.as_bytes()) && token.len() >= Self::SHORTEST)
            .then(|| Self { digest: digester.digest(token.as_bytes()), digester })
    }

    fn is(&self, presented: &[u8]) -> bool {
        self.digester.digest(presented).is(&self.digest)
    }
}

impl fmt::Debug for AdminToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AdminToken(..)")
    }
}
