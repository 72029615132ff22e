//! What can be wrong with the settings of a `Tollgate`.

use std::fmt;

use super::admin::AdminToken;
use crate::core::{NameCollision, Origin, SettingFault};
use crate::errors::CodeCollision;
use crate::http::{CidrError, NoHops};
use crate::pages::SHORTEST_SECRET;

/// A `Tollgate` could not be built, or its configuration not be read. It tells everything that is wrong, not the first thing alone.
#[derive(Clone, PartialEq, Eq)]
pub struct ConfigError {
    pub(super) faults: Vec<Fault>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    NameCollision(NameCollision),
    NoKeys,
    NoCacheMemory(String),
    NoNetwork(CidrError),
    NoHops(NoHops),
    TwoTrusts,
    NobodyTrusted,
    EverybodyTrusted(String),
    TwoResolvers,
    WeakAdminToken,
    NoResolver(String),
    NoProblemTypes(String),
    CodeCollision(CodeCollision),
    /// Functions that name one handle.
    SharedHandle(Vec<Origin>),
    NoBaseUrl(String),
    WeakCursorKey,
    NoCursorTtl,
    /// Of the readers of one enum.
    NoVersions {
        versions: &'static str,
        fault: String,
    },
    /// Of a configuration, or of limits that share what they do not have in common.
    Config(SettingFault),
    #[cfg(feature = "redis")]
    NoRedis(crate::backend::redis::RedisFault),
    #[cfg(feature = "redis")]
    NoHints(u32),
    #[cfg(feature = "redis")]
    HintsFromNobody,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, fault) in self.faults.iter().enumerate() {
            if place > 0 {
                f.write_str("; ")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Config(fault) => fault.fmt(f),
            #[cfg(feature = "redis")]
            Self::NoRedis(fault) => fault.fmt(f),
            #[cfg(feature = "redis")]
            Self::NoHints(written) => write!(
                f,
                "`.breaker_hints({written})`: write in how many other processes a circuit breaker has to be open, 1 to 64"
            ),
            #[cfg(feature = "redis")]
            Self::HintsFromNobody => f.write_str(
                "`.breaker_hints(..)` needs a store that processes share, over which they tell each other: add `.redis(..)`",
            ),
            Self::NoResolver(fault) => f.write_str(fault),
            Self::NoNetwork(fault) => write!(f, "`.trusted_proxies(..)`: {fault}"),
            Self::EverybodyTrusted(network) => write!(
                f,
                "`.trusted_proxies(..)`: `{}` trusts everybody, who could then choose an address: write the networks of your \
                 proxies, or count these by `.trusted_hops(..)`",
                network.escape_debug()
            ),
            Self::TwoResolvers => f.write_str(
                "`.principal(..)` is given twice: write one resolver, which may ask several",
            ),
            Self::NoHops(fault) => fault.fmt(f),
            Self::TwoTrusts => f.write_str(
                "trusted proxies are given twice: write either `.trusted_proxies(..)` or `.trusted_hops(..)`, once",
            ),
            Self::NobodyTrusted => f.write_str(
                "`.forwarded_header(..)` names a field that nobody is trusted to write: add `.trusted_proxies(..)` or \
                 `.trusted_hops(..)`",
            ),
            Self::WeakAdminToken => write!(
                f,
                "`.admin_token(..)` takes at least {} letters, digits and `-._~+/=`: anything shorter can be guessed, and \
                 no other character may stand in a bearer token",
                AdminToken::SHORTEST
            ),
            Self::NoProblemTypes(written) => write!(
                f,
                "`.problem_types(\"{}\")` is no place to explain problems at: write a path, such as `/problems`, or a URI that \
                 begins with `https://` and has one",
                written.escape_debug()
            ),
            Self::CodeCollision(CodeCollision { code, types: [one, other] }) => write!(
                f,
                "`{one}` and `{other}` declare the code \"{code}\" with different statuses, titles or types, so nobody could tell \
                 these apart: give one of them another code"
            ),
            Self::NoBaseUrl(url) => write!(
                f,
                "`.base_url(..)`: `{}` is no `http` or `https` URL that links can begin with: write one like \
                 `https://api.example.com/v1`, without query, fragment and user",
                url.escape_debug()
            ),
            Self::WeakCursorKey => write!(
                f,
                "`.cursor_keys(..)` takes secrets of at least {SHORTEST_SECRET} bytes: anything shorter can be guessed"
            ),
            Self::NoCursorTtl => {
                f.write_str("`.cursor_ttl(..)` is less than a second: no cursor would ever be valid")
            }
            Self::NoVersions { versions, fault } => write!(f, "`.versions::<{versions}>(..)`: {fault}"),
            Self::NoKeys => f.write_str("`max_keys(0)` leaves no room for any client: give at least 1"),
            Self::NoCacheMemory(written) => write!(
                f,
                "`.cache_memory(\"{}\")` is no size that anything fits into: write a number with a unit, such as `64MiB` or `500MB`",
                written.escape_debug()
            ),
            Self::NameCollision(NameCollision { name, origins }) => {
                write!(
                    f,
                    "the name \"{name}\" is written on {} functions, and is to tell them apart:",
                    origins.len()
                )?;
                let origins: Vec<_> = origins.iter().map(ToString::to_string).collect();
                write!(f, " {}", origins.join(", "))
            }
            Self::SharedHandle(origins) => {
                let origins: Vec<_> = origins.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "one `CacheHandle` is the `control` of {} functions: write a static for each of {}",
                    origins.len(),
                    origins.join(", ")
                )
            }
        }
    }
}

/// The same words: this is what a `main` that returns it prints.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ConfigError {}
