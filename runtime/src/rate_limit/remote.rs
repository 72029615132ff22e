//! What is asked of a store that processes share.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use smallvec::SmallVec;

use super::engine::{Charge, Standing};
use super::store::{Ask, Ruling, Unavailable};
use crate::core::Moment;

/// An answer on its way. Boxed, because stores are chosen when the service starts.
pub(crate) type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, Unavailable>> + Send + 'a>>;

/// Keeps budgets outside of this process.
///
/// # Contract
/// * A decision is written at most once. Nobody asks again after [`Unavailable`], neither the caller nor the store.
/// * Every reply comes within the store's timeout. While the store is known to be away, it comes at once.
/// * A future that is dropped may leave its question answered: a permit is then lost, and none is granted twice.
pub(crate) trait Remote: Send + Sync + fmt::Debug {
    /// Decides over all `asks` at once, all or nothing, as [`Store::decide`](super::store::Store::decide) does (shadow
    /// asks stand aside). One round trip.
    ///
    /// `ask.cost` is what is needed; where `ask.lease > ask.cost` and it is the only ask, up to `lease` permits are
    /// granted.
    fn decide<'a>(&'a self, asks: &'a [Ask<'a>]) -> Reply<'a, RemoteDecision>;

    /// How the budgets stand; charges nothing. One [`Standing`] per rate of each ask, in order.
    fn read<'a>(&'a self, asks: &'a [Ask<'a>]) -> Reply<'a, Vec<Standing>>;

    /// Forgets the budgets of these keys: they are full.
    fn reset<'a>(&'a self, asks: &'a [Ask<'a>]) -> Reply<'a, ()>;

    /// Gives back `ask.cost` permits each: one [`Charge`] per rate of each ask, in order, by this process's clock, and what that
    /// says now. Never more than was charged, and nothing of what has come back by itself.
    fn give_back<'a>(&'a self, asks: &'a [Ask<'a>], charges: &'a [Charge], now: Moment) -> Reply<'a, ()>;

    /// How long a reply takes at most, from the first poll of its future on.
    fn timeout(&self) -> Duration;

    /// Its name in metrics: `redis`.
    fn name(&self) -> &'static str;
}

/// What a shared store decided.
#[derive(Debug)]
pub(crate) struct RemoteDecision {
    /// [`Ruling::told`], one per rate of each ask, in order.
    pub(crate) rulings: SmallVec<[Ruling; 2]>,
    /// How many permits the first ask was granted: its cost unless leased, nothing where it was refused.
    pub(crate) granted: u32,
}
