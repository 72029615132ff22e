//! Ready-made resolvers: a table of bearer tokens, API keys that a function looks up, and a value that an outer layer left.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use ::http::HeaderName;
use ::http::request::Parts;

use crate::core::Principal;
use crate::http::credentials::{Digest, Digester, Presented, bearer, is_token68, only};
use crate::http::{AuthScheme, PrincipalResolver, Refusal};

/// Bearer tokens that are known from the start: for services that call each other, and for tests.
///
/// Tokens are kept and compared as digests, so neither their length nor their beginnings can be found out by the time that a
/// refusal takes.
///
/// ```
/// use tollgate::{BearerTokens, Principal, Tollgate};
///
/// let tokens = BearerTokens::new([("s3cr3t", Principal::new("billing").with_role("service"))]);
/// let tollgate = Tollgate::builder().principal(tokens).build()?;
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
pub struct BearerTokens {
    digester: Digester,
    principals: HashMap<Digest, Principal>,
    /// Whether each of them can stand in a header field.
    are_presentable: bool,
}

impl BearerTokens {
    /// These tokens; of two equal ones the later counts.
    ///
    /// Letters, digits and `-._~+/=` can be presented (RFC 9110, section 11.2): a `Tollgate` is not built with other ones.
    #[must_use]
    pub fn new<T: AsRef<str>>(tokens: impl IntoIterator<Item = (T, Principal)>) -> Self {
        let (digester, mut are_presentable) = (Digester::new(), true);
        let digest = |(token, principal): (T, Principal)| {
            let token = token.as_ref().as_bytes();
            are_presentable &= is_token68(token);
            (digester.digest(token), principal)
        };
        let principals = tokens.into_iter().map(digest).collect();
        Self { digester, principals, are_presentable }
    }
}

impl PrincipalResolver for BearerTokens {
    async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal> {
        match bearer(&parts.headers) {
            Presented::Nothing => Ok(None),
            Presented::Malformed => {
                Err(Refusal::invalid("no single bearer token in the field Authorization"))
            }
            Presented::Value(token) => match self.principals.get(&self.digester.digest(token)) {
                Some(principal) => Ok(Some(principal.clone())),
                None => Err(Refusal::invalid("an unknown bearer token")),
            },
        }
    }

    fn validate(&self) -> Result<(), String> {
        let fault = "a token of `BearerTokens` is empty or cannot be presented: write letters, digits and `-._~+/=` alone";
        if self.are_presentable { Ok(()) } else { Err(fault.to_owned()) }
    }
}

/// Shows no token.
impl fmt::Debug for BearerTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BearerTokens").field("tokens", &self.principals.len()).finish_non_exhaustive()
    }
}

/// API keys in a header field of their own, looked up by a function: in a map, a database, another service.
///
/// Looking a key up in a map or an index of digests of the keys, rather than of the keys themselves, keeps them out of
/// dumps, and the time of the look-up from telling about them.
///
/// ```
/// use tollgate::{ApiKeys, Principal, Refusal, Tollgate};
///
/// async fn look_up(key: String) -> Result<Option<Principal>, Refusal> {
///     Ok((key == "demo-editor").then(|| Principal::new("ada").with_role("editor")))
/// }
///
/// let tollgate = Tollgate::builder().principal(ApiKeys::new("x-api-key", look_up)).build()?;
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
pub struct ApiKeys<F> {
    /// What was written, where that is no name.
    header: Result<HeaderName, String>,
    look_up: F,
}

impl<F> ApiKeys<F> {
    /// Keys in that header field, whose name a `Tollgate` checks when it is built. Where the function finds no principal the
    /// key is not valid.
    #[must_use]
    pub fn new<Fut>(header: &str, look_up: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Option<Principal>, Refusal>> + Send,
    {
        let header = HeaderName::from_bytes(header.as_bytes()).map_err(|_| header.to_owned());
        Self { header, look_up }
    }
}

impl<F, Fut> PrincipalResolver for ApiKeys<F>
where
    F: Fn(String) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Option<Principal>, Refusal>> + Send,
{
    async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal> {
        let Ok(header) = &self.header else {
            return Err(Refusal::unavailable("no header field has API keys"));
        };
        let key = match only(&parts.headers, header) {
            Presented::Nothing => return Ok(None),
            Presented::Malformed => return Err(Refusal::invalid("several API keys")),
            Presented::Value(value) => std::str::from_utf8(value).unwrap_or_default().to_owned(),
        };
        if key.is_empty() {
            return Err(Refusal::invalid("an API key that is empty or no text"));
        }
        match (self.look_up)(key).await? {
            Some(principal) => Ok(Some(principal)),
            None => Err(Refusal::invalid("an unknown API key")),
        }
    }

    fn scheme(&self) -> AuthScheme {
        self.header.clone().map_or(AuthScheme::Bearer, AuthScheme::ApiKey)
    }

    fn validate(&self) -> Result<(), String> {
        let fault =
            |header| format!("`ApiKeys::new({header:?}, ..)` names no header field: write \"x-api-key\"");
        self.header.as_ref().map(drop).map_err(fault)
    }
}

impl<F> fmt::Debug for ApiKeys<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeys").field("header", &self.header).finish_non_exhaustive()
    }
}

/// A value that a layer further out has put into the request's extensions: the claims of a token, a session.
///
/// A request without the value has no credentials; the function may still find no principal in it, which is the same.
///
/// ```
/// use tollgate::{FromExtension, Principal, Tollgate};
///
/// #[derive(Clone)]
/// struct Claims {
///     sub: String,
/// }
///
/// let claims = FromExtension::new(|claims: &Claims| Some(Principal::new(&claims.sub)));
/// let tollgate = Tollgate::builder().principal(claims).build()?;
/// # Ok::<_, tollgate::ConfigError>(())
/// ```
pub struct FromExtension<T, F> {
    principal: F,
    scheme: AuthScheme,
    value: PhantomData<fn(&T)>,
}

impl<T, F> FromExtension<T, F>
where
    T: Send + Sync + 'static,
    F: Fn(&T) -> Option<Principal> + Send + Sync + 'static,
{
    /// The principal out of a value of type `T`.
    #[must_use]
    pub const fn new(principal: F) -> Self {
        Self { principal, scheme: AuthScheme::Bearer, value: PhantomData }
    }

    /// With what a 401 asks for and the document shows: what the layer further out reads. A bearer token, unless said
    /// otherwise.
    #[must_use]
    pub fn announced_as(mut self, scheme: AuthScheme) -> Self {
        self.scheme = scheme;
        self
    }
}

impl<T, F> PrincipalResolver for FromExtension<T, F>
where
    T: Send + Sync + 'static,
    F: Fn(&T) -> Option<Principal> + Send + Sync + 'static,
{
    async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal> {
        Ok(parts.extensions.get::<T>().and_then(&self.principal))
    }

    fn scheme(&self) -> AuthScheme {
        self.scheme.clone()
    }
}

impl<T, F> fmt::Debug for FromExtension<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromExtension").field("scheme", &self.scheme).finish_non_exhaustive()
    }
}
