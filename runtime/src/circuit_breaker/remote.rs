//! What is asked of a store that processes share.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::called::Called;

/// No answer in time, or none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "without a shared store nobody is away"))]
pub(crate) enum Unavailable {
    /// Nothing was changed.
    Unchanged,
    /// The answer was lost: it may have been done.
    Unknown,
}

/// An answer on its way.
pub(crate) type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, Unavailable>> + Send + 'a>>;

/// A process: a number that it has drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Node(pub(crate) u64);

/// So many processes are told of a breaker: those that are open the longest.
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "without a shared store nobody is told"))]
pub(crate) const MOST_NODES: usize = 64;

/// The processes in which a breaker is open, and for how long yet. The longest first, [`MOST_NODES`] at most.
pub(crate) type Openings = Vec<(Node, Duration)>;

/// What somebody ordered for a breaker, everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Forced {
    Open,
    Closed,
    /// As it counts: the order is taken back.
    Not,
}

/// An order, and when it was given. Of two for one breaker the later one holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// Microseconds by the store's clock, and later than all orders that whoever gave it had heard of.
    pub(crate) stamp: u64,
    pub(crate) forced: Forced,
}

/// Carries hints and orders between processes. What breakers count stays in each of them.
///
/// # Contract
/// * Every reply comes within the store's timeout; while the store is known to be away, at once. Nothing is sent twice.
/// * Durations are sent and told, never moments: nobody's clock is believed but the store's.
/// * Everything has a time to live. Orders live for as long as anybody reads them, and a month.
/// * Foreign or broken bytes are nothing at all, never an error that reaches a user.
///
/// `contract/` is a suite that every implementation passes.
pub(crate) trait Remote: Send + Sync + fmt::Debug {
    /// A breaker of this process has opened for so long. What it said of it before is forgotten. Everybody is told.
    fn opened<'a>(&'a self, called: &'a Called, node: Node, left: Duration) -> Reply<'a, ()>;

    /// It is closed again.
    fn closed<'a>(&'a self, called: &'a Called, node: Node) -> Reply<'a, ()>;

    /// Where it is open.
    fn openings<'a>(&'a self, called: &'a Called) -> Reply<'a, Openings>;

    /// Orders something for a breaker, later than `known`, and tells everybody. The order as it stands then.
    fn force<'a>(&'a self, called: &'a Called, forced: Forced, known: u64) -> Reply<'a, Order>;

    /// Puts an order back that the store has lost, and tells everybody; one that is as late or later stays.
    fn restore<'a>(&'a self, called: &'a Called, order: Order) -> Reply<'a, ()>;

    /// All orders, those that were taken back among them.
    fn orders(&self) -> Reply<'_, Vec<(Called, Order)>>;

    /// Has this called for what processes tell each other, from now on. Once. What this process tells is heard, too.
    fn listen(&self, hear: Box<dyn Fn(Heard) + Send + Sync>);

    /// Sees to it that somebody listens: that needs a runtime, which may have come only now.
    fn see_to_hearing(&self);
}

/// What is heard.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "without a shared store nothing is heard"))]
pub(crate) enum Heard {
    /// It opened somewhere, and is open there.
    Opened(Called, Openings),
    /// Somebody ordered something.
    Forced(Called, Order),
    /// Listening begins, and what was ordered before may have been missed. Told now and then besides, so that orders live on.
    Missed,
}
