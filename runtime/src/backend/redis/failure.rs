//! What can go wrong with a call, and with the settings.

use std::fmt;

use ::redis::RedisError;

/// Why a call brought no answer. None of these is asked again: the command may have been carried out.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The server is known to be away, and nothing was sent.
    Away,
    /// No answer came in time.
    TimedOut,
    /// The connection broke.
    Broken,
    /// The server answered with an error: it is full, a replica, loading, or does not know what was asked.
    Refused(RedisError),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Away => f.write_str("Redis is away"),
            Self::TimedOut => f.write_str("Redis did not answer in time"),
            Self::Broken => f.write_str("the connection to Redis broke"),
            Self::Refused(error) => write!(f, "Redis refused: {error}"),
        }
    }
}

/// Settings with which no server can be asked. None tells the URL, which may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::enum_variant_names, reason = "what is missing, but for clusters")]
pub(crate) enum RedisFault {
    NoUrl,
    NoTls,
    NoNamespace,
    BadNamespace,
    NoTimeout,
    /// Of a cluster: a socket, or a database.
    #[cfg(feature = "redis-cluster")]
    OneServer,
    #[cfg(feature = "redis-cluster")]
    TwoStores,
}

impl fmt::Display for RedisFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoUrl => {
                "`.redis(..)` is no URL of a Redis server: write one like `redis://127.0.0.1:6379`, with user and password as in \
                 `redis://user:password@host:6379/0`"
            }
            Self::NoTls => "`.redis(\"rediss://..\")` asks for TLS, which needs the feature `redis-tls`",
            Self::NoNamespace => {
                "`.redis(..)` needs `.namespace(\"..\")`, so that two services on one server never share keys: write the \
                 service's name, in letters, digits and `-_.:`"
            }
            Self::BadNamespace => {
                "`.namespace(..)` has other characters than letters, digits and `-_.:`: write it as in `shop-eu`"
            }
            #[cfg(feature = "redis-cluster")]
            Self::OneServer => {
                "nodes of a cluster are named as in `redis://10.0.0.1:6379`: they are not reached over a socket, and have no \
                 databases but the first"
            }
            #[cfg(feature = "redis-cluster")]
            Self::TwoStores => {
                "`.redis(..)` and `.redis_cluster(..)` are both given, and budgets are kept in one place: take one of them away"
            }
            Self::NoTimeout => {
                "`.store_timeout(..)` takes a time with its unit, above zero: write it as in `\"30ms\"`"
            }
        })
    }
}
