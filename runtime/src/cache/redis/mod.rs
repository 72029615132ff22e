//! Entries on a Redis server or a cluster, which all processes of a service share.
//!
//! | file | what |
//! | --- | --- |
//! | `calls.rs` | [`RedisCache`]: what of [`Remote`](super::Remote) is one call each |
//! | `look.rs`, `look.lua` | an entry, its age, and what its marks stand at: one round trip |
//! | `purge.rs`, `purge.lua` | throwing away: a new version for each mark, and a message |
//! | `unsent.rs` | marks that a server which is away has yet to hear of |
//! | `hearing.rs`, `message.rs` | hearing of what other processes throw away |
//! | `names.rs`, `versions.rs` | what keys are called, and what a mark's key holds |
//!
//! ```text
//! airports:c:<name>   an entry, for as long as it is of any use, and a week at most
//! airports:m:<mark>   a random number that is another one with each purge; none where there was none for eight days
//! airports:l:<name>   who makes an entry at present
//! airports:cache      the channel
//! ```
//!
//! An entry names the versions that its marks had before it was made, and is one only while they have them still. So a message
//! that gets lost costs nothing but the time until memory asks again. Marks outlive every entry that was made before they were
//! thrown away. Servers that evict (`allkeys-lru` and the like) may forget a mark before an entry of it that nobody asked for
//! meanwhile, which then holds again: `noeviction` or `volatile-ttl` keep to the order, since a mark has the longer time to live.
//! In a failover, Redis forgets what it had not replicated yet, be it a purge.

mod calls;
mod hearing;
mod look;
mod message;
mod names;
mod purge;

mod unsent;
mod versions;

#[cfg(test)]
mod tests;

pub(crate) use self::calls::RedisCache;
