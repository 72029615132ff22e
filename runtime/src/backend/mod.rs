//! Plumbing that stores stand on, without a word of any capability.

#[cfg(feature = "redis")]
mod all;
mod fingerprint;
#[cfg(feature = "redis")]
pub(crate) mod redis;
mod slots;
mod system_clock;
mod table;
mod turnstiles;
mod within;

pub use self::system_clock::SystemClock;

#[cfg(feature = "redis")]
pub(crate) use self::all::all;
pub(crate) use self::fingerprint::Fingerprints;
pub(crate) use self::slots::Expires;
pub(crate) use self::table::{Place, Room, Table, View};
pub(crate) use self::turnstiles::{Ahead, Turnstiles};
pub(crate) use self::within::within;
