//! What is asked of a store that processes share.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::entry::Value;
use super::life::Terms;
use super::marks::Mark;

/// No answer in time, or none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unavailable;

/// An answer on its way.
pub(crate) type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, Unavailable>> + Send + 'a>>;

/// What a mark stood at: another one each time it is thrown away, never one again that it had before. `0` where it never was.
pub(crate) type Version = u64;

/// Keeps entries outside of this process.
///
/// # Contract
/// * Every reply comes within the store's timeout; while the store is known to be away, at once.
/// * Nothing is sent twice. Everything has a time to live.
/// * Foreign or broken bytes are [`Found::None`](Looked::found), never an error that reaches a user, never a panic.
/// * `marks` are all that an entry is thrown away by, [`Mark::ALL`] among them: a store adds none of its own.
/// * What could not be thrown away because the store was away is remembered by the implementation, each mark once and up to a bound
///   (beyond it, [`Mark::ALL`] stands for all of them), and thrown away when the store is back, before anything else is asked of it.
///
/// `contract/` is a suite that every implementation passes.
pub(crate) trait Remote: Send + Sync + fmt::Debug {
    /// Looks for an entry, and at what its marks stand, in one round trip. One [`Version`] per mark, in order, whether there is an entry
    /// or not.
    fn look<'a>(&'a self, name: &'a str, marks: &'a [Mark]) -> Reply<'a, Looked>;

    /// Keeps an entry for `terms.total()`, with what its marks stood at before it was made, as [`look`](Self::look) said. An entry that
    /// was there before is replaced.
    fn keep<'a>(&'a self, name: &'a str, found: &'a Found, marks: &'a [(Mark, Version)]) -> Reply<'a, ()>;

    /// Throws away what has any of these marks, everywhere, and tells all processes.
    ///
    /// # Errors
    /// Where the store is away: it is done as soon as it is back.
    fn invalidate<'a>(&'a self, marks: &'a [Mark]) -> Reply<'a, ()>;

    /// Takes the right to make an entry for so long; `false` where somebody else has it.
    fn lease<'a>(&'a self, name: &'a str, token: u64, time: Duration) -> Reply<'a, bool>;

    /// Gives that right back, if it is this token's.
    fn release<'a>(&'a self, name: &'a str, token: u64) -> Reply<'a, ()>;

    /// Has this called for what other processes throw away, from now on. Once. What this process throws away may be told, too.
    ///
    /// [`Heard::Missed`] is told when the connection to those messages is lost, and again when it is back.
    fn listen(&self, hear: Box<dyn Fn(Heard) + Send + Sync>);
}

/// What a shared store has.
#[derive(Debug)]
pub(crate) struct Looked {
    /// What the marks stand at.
    pub(crate) versions: Vec<Version>,
    /// The entry, where there is one and none of its marks was thrown away since.
    pub(crate) found: Option<Found>,
}

/// An entry as it is kept by a shared store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its terms when it was complete.
    pub(crate) terms: Terms,
    /// How long ago that was, by the store's clock. Nanoseconds.
    pub(crate) for_nanos: u64,
    /// What a [`Codec`] made of its value.
    pub(crate) payload: Vec<u8>,
}

/// What is heard of other processes.
#[derive(Debug)]
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "without a shared store nothing is heard"))]
pub(crate) enum Heard {
    /// These marks were thrown away.
    Invalidated(Vec<Mark>),
    /// Something may have been missed: memory has to ask before it serves again.
    Missed,
}

/// Turns values into bytes and back.
pub(crate) trait Codec: Send + Sync {
    /// Tells the types and builds apart whose bytes do not mean the same.
    fn fingerprint(&self) -> u64;

    /// The bytes of a value; `None` where it has none.
    fn encode(&self, value: &Value) -> Option<Vec<u8>>;

    /// The value of some bytes and what it takes in memory; `None` where they are none of its own.
    fn decode(&self, payload: &[u8]) -> Option<(Value, u32)>;
}
