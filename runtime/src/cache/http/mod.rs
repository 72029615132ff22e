//! Answers: what may be kept of one, and what is sent in its place.
//!
//! ```text
//! asked, key      what a request asks, as much of its head as is needed later: made for each request
//! door            the way past the cache, for gates and layers: look, make, renew, pass
//! judge, collect  what may be kept of an answer, and its body
//! answer, wire    an answer that is kept, and what it says of that
//! ready           the head of an answer as all hits of one second send it
//! serve           what is sent of it: whole, to `HEAD`, or that nothing has changed
//! codec           its bytes for a store that processes share
//! ```

mod answer;
mod asked;
mod codec;
mod collect;
mod door;
mod judge;
mod key;
mod ready;
mod serve;
mod wire;

pub(crate) use self::answer::StoredAnswer;
pub(crate) use self::asked::{Asked, is_cacheable};
pub(crate) use self::codec::{AnswerCodec, AnswersOf, decode, encode};
pub(crate) use self::collect::{Collected, collect};
pub(crate) use self::door::{Door, Found, Why};
pub(crate) use self::judge::Judge;
