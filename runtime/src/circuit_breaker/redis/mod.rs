//! Hints and orders on a Redis server or a cluster, which all processes of a service share.
//!
//! | file | what |
//! | --- | --- |
//! | `calls.rs` | [`RedisBreakers`]: the calls of [`Remote`](super::remote::Remote), one script each |
//! | `opened.lua`, `openings.lua` | where a breaker is open, and for how long yet |
//! | `force.lua`, `orders.lua` | what was ordered, the latest for each breaker |
//! | `message.rs`, `hearing.rs` | what processes tell each other |
//!
//! ```text
//! airports:cb:{weather::observe}   the processes in which it is open, by the moment until which: gone with the last of them
//! airports:cb:orders               what was ordered for which breaker, and when; a month after it was last read it is gone
//! airports:breakers                the channel
//! ```
//!
//! Orders lie under one key, because a process that starts has to find those of breakers that it does not know yet. An order that was taken
//! back stays there, so that nobody who missed that brings it back. A server that lost its orders is told them again by any process that
//! knows them.

mod calls;
mod hearing;
mod message;

#[cfg(test)]
mod tests;

pub(crate) use self::calls::RedisBreakers;
