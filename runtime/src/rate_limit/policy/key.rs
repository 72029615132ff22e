//! Whose budget a request is charged to, and what it costs.

use ::http::HeaderName;

use crate::core::Key;
use crate::http::RequestFacts;

/// Makes the key of a limit out of a request: `key = path::to::Type`.
///
/// A limit stands at the door, where nobody knows yet who asks: one whose key asks for the
/// [principal](RequestFacts::principal) needs `after = authorize`.
///
/// ```
/// use tollgate::{Key, RateLimitKey, RequestFacts};
///
/// /// One budget per tenant, who is named by a header.
/// struct Tenant;
///
/// impl RateLimitKey for Tenant {
///     fn key(facts: &RequestFacts<'_>) -> Option<Key> {
///         Some(facts.headers().get("x-tenant")?.to_str().ok()?.into())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no key of a rate limit",
    label = "`key = ` takes ip, global, principal, header(\"..\") or a type that implements `tollgate::RateLimitKey`",
    note = "write `impl tollgate::RateLimitKey for {Self}` with `fn key(facts: &RequestFacts<'_>) -> Option<Key>`",
    note = "the keys that are there already are written in lower case: `key = principal`, `key = ip`, `key = global`"
)]
pub trait RateLimitKey {
    /// The key of this request; `None` where it is missing, and then the attribute's `missing` says what happens.
    fn key(facts: &RequestFacts<'_>) -> Option<Key>;
}

/// Where a limit takes its key from.
#[derive(Clone, Copy, Debug)]
pub enum KeySource {
    /// The client's address.
    Address,
    /// All requests share one budget.
    Everyone,
    /// Whoever has proven who it is.
    Principal,
    /// The value of a request header.
    Header(fn() -> HeaderName),
    /// A type of the user's.
    Custom(fn(&RequestFacts<'_>) -> Option<Key>),
    /// All of these together.
    Joined(&'static [Self]),
}

impl KeySource {
    /// Whether it needs to know who asks.
    #[must_use]
    pub const fn needs_principal(&self) -> bool {
        match self {
            Self::Principal => true,
            Self::Joined(sources) => {
                let mut place = 0;
                while place < sources.len() {
                    if sources[place].needs_principal() {
                        return true;
                    }
                    place += 1;
                }
                false
            }
            Self::Address | Self::Everyone | Self::Header(_) | Self::Custom(_) => false,
        }
    }

    /// Whether a request may lack it.
    #[must_use]
    pub(in crate::rate_limit) fn may_be_missing(&self) -> bool {
        match self {
            Self::Everyone => false,
            Self::Address | Self::Principal | Self::Header(_) | Self::Custom(_) => true,
            Self::Joined(sources) => sources.iter().any(Self::may_be_missing),
        }
    }

    /// Whether it may be missing for want of something else.
    #[must_use]
    pub(in crate::rate_limit) fn needs_more_than_principal(&self) -> bool {
        match self {
            Self::Principal | Self::Everyone => false,
            Self::Address | Self::Header(_) | Self::Custom(_) => true,
            Self::Joined(sources) => sources.iter().any(Self::needs_more_than_principal),
        }
    }
}

/// What happens to a request whose key is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// It shares one budget with all others whose key is missing.
    Anonymous,
    /// It is answered with 400; with 401 where it lacks a principal.
    Reject,
    /// The limit does not apply to it.
    Skip,
}

/// How many permits a request takes.
#[derive(Clone, Copy, Debug)]
pub enum Cost {
    /// As many each time.
    Fixed(u32),
    /// As many as the user's function says.
    Of(fn(&RequestFacts<'_>) -> u32),
}
