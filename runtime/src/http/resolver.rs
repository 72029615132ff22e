//! Who knows the principals: the trait that turns a request into one, and how its credentials are announced.

use std::fmt;
use std::pin::Pin;

use http::request::Parts;
use http::{HeaderName, HeaderValue};

use crate::core::{Outcome, Principal};

/// Finds out who sent a request.
///
/// It is asked at most once per request, at the place of `#[authorize]` or just before the first policy or extractor that
/// needs the principal; limits by address come before it. The request waits for it as long as it takes: one that asks
/// others has a timeout of its own.
///
/// ```
/// use axum::http::request::Parts;
/// use tollgate::{Principal, PrincipalResolver, Refusal, Tollgate};
///
/// struct Sessions;
///
/// impl PrincipalResolver for Sessions {
///     async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal> {
///         let Some(session) = parts.headers.get("x-session") else { return Ok(None) };
///         match session.to_str() {
///             Ok("s3cr3t") => Ok(Some(Principal::new("ada").with_role("editor"))),
///             _ => Err(Refusal::invalid("no such session")),
///         }
///     }
/// }
///
/// let tollgate = Tollgate::builder().principal(Sessions).build()?;
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not tell who sent a request",
    label = "`.principal(..)` takes `BearerTokens`, `ApiKeys`, `FromExtension` or a type that implements `tollgate::PrincipalResolver`",
    note = "write `impl tollgate::PrincipalResolver for {Self}` with `async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal>`",
    note = "a table of tokens is written `BearerTokens::new([(token, principal)])`, and a function that looks keys up `ApiKeys::new(\"x-api-key\", look_up)`"
)]
pub trait PrincipalResolver: Send + Sync + 'static {
    /// Whoever sent the request; `None` where it presents no credentials.
    ///
    /// # Errors
    /// Where credentials are presented that are not valid, or nobody can tell because a store is away.
    fn resolve(&self, parts: &Parts) -> impl Future<Output = Result<Option<Principal>, Refusal>> + Send;

    /// How credentials are presented: what a 401 asks for and the OpenAPI document shows. A bearer token, unless said
    /// otherwise.
    fn scheme(&self) -> AuthScheme {
        AuthScheme::Bearer
    }

    /// Looks at its own settings, once, when the `Tollgate` is built.
    ///
    /// # Errors
    /// Where it could never do its work: the text says what to write, and becomes part of the
    /// [`ConfigError`](crate::ConfigError).
    fn validate(&self) -> Result<(), String> {
        Ok(())
    }
}

/// How credentials are presented.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthScheme {
    /// `Authorization: Bearer ..` (RFC 6750)
    Bearer,
    /// `Authorization: Basic ..` (RFC 7617)
    Basic,
    /// A header field of its own.
    ApiKey(HeaderName),
    /// A cookie of that name.
    Cookie(&'static str),
}

impl AuthScheme {
    /// A cookie has a name that can stand in its header field (RFC 6265, section 4.1.1).
    fn validate(&self) -> Result<(), String> {
        match self {
            Self::Cookie(name) if HeaderName::from_bytes(name.as_bytes()).is_err() => {
                Err(format!("`AuthScheme::Cookie({name:?})` names no cookie: write a name like \"session\""))
            }
            _ => Ok(()),
        }
    }

    /// The value of `WWW-Authenticate`. No error is named to who presents nothing (RFC 6750, section 3.1).
    pub(crate) fn challenge(&self, are_invalid: bool) -> HeaderValue {
        match self {
            Self::Bearer if are_invalid => HeaderValue::from_static("Bearer error=\"invalid_token\""),
            Self::Bearer => HeaderValue::from_static("Bearer"),
            Self::Basic => HeaderValue::from_static("Basic realm=\"api\", charset=\"UTF-8\""),
            Self::ApiKey(name) => text(format!("ApiKey header=\"{name}\"")),
            Self::Cookie(name) => text(format!("Cookie cookie-name=\"{name}\"")),
        }
    }
}

/// A name that cannot stand in a header field is left out.
fn text(challenge: String) -> HeaderValue {
    HeaderValue::try_from(challenge).unwrap_or_else(|_| HeaderValue::from_static("Cookie"))
}

/// Why a resolver names no principal although credentials were presented.
///
/// Its reason is for the log; the client learns that its credentials are not valid (401), or that they cannot be checked
/// now (503), and no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    kind: RefusalKind,
    reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusalKind {
    Invalid,
    Unavailable,
}

impl RefusalKind {
    /// How it counts.
    pub(crate) const fn outcome(self) -> Outcome {
        match self {
            Self::Invalid => Outcome::Refused,
            Self::Unavailable => Outcome::Unavailable,
        }
    }
}

impl Refusal {
    /// The credentials are not valid: malformed, unknown, expired.
    #[must_use]
    pub fn invalid(reason: impl fmt::Display) -> Self {
        Self { kind: RefusalKind::Invalid, reason: reason.to_string() }
    }

    /// Nobody can tell, because what would know is away.
    #[must_use]
    pub fn unavailable(reason: impl fmt::Display) -> Self {
        Self { kind: RefusalKind::Unavailable, reason: reason.to_string() }
    }

    pub(crate) const fn kind(&self) -> RefusalKind {
        self.kind
    }
}

/// The reason.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for Refusal {}

/// What a resolver said of a request.
pub(crate) type Resolution = Result<Option<Principal>, Refusal>;

/// A resolver whose type is not known.
pub(crate) trait AnyResolver: Send + Sync {
    fn resolve_any<'a>(&'a self, parts: &'a Parts) -> Pin<Box<dyn Future<Output = Resolution> + Send + 'a>>;
    fn any_scheme(&self) -> AuthScheme;
    fn validate_any(&self) -> Result<(), String>;
}

impl<R: PrincipalResolver> AnyResolver for R {
    fn resolve_any<'a>(&'a self, parts: &'a Parts) -> Pin<Box<dyn Future<Output = Resolution> + Send + 'a>> {
        Box::pin(self.resolve(parts))
    }

    fn any_scheme(&self) -> AuthScheme {
        self.scheme()
    }

    fn validate_any(&self) -> Result<(), String> {
        self.validate()?;
        self.scheme().validate()
    }
}

impl fmt::Debug for dyn AnyResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PrincipalResolver").field("scheme", &self.any_scheme()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_name_an_error_only_to_who_presented_something() {
        let cases = [
            (AuthScheme::Bearer, "Bearer", "Bearer error=\"invalid_token\""),
            (
                AuthScheme::Basic,
                "Basic realm=\"api\", charset=\"UTF-8\"",
                "Basic realm=\"api\", charset=\"UTF-8\"",
            ),
            (
                AuthScheme::ApiKey(HeaderName::from_static("x-api-key")),
                "ApiKey header=\"x-api-key\"",
                "ApiKey header=\"x-api-key\"",
            ),
            (AuthScheme::Cookie("sid"), "Cookie cookie-name=\"sid\"", "Cookie cookie-name=\"sid\""),
            (AuthScheme::Cookie("a\nb"), "Cookie", "Cookie"),
        ];
        for (scheme, nothing, invalid) in cases {
            assert_eq!(scheme.challenge(false), nothing);
            assert_eq!(scheme.challenge(true), invalid);
        }
    }
}
