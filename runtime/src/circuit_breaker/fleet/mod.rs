//! What the breakers of several processes tell each other: where one has opened, and what somebody ordered for all.
//!
//! | file | what |
//! | --- | --- |
//! | `mod.rs` | [`Fleet`]: telling, hearing, ordering |
//! | `status.rs` | what is yet to be told, and which orders are known |
//! | `errand.rs` | the task that tells and looks, while there is anything to do |
//!
//! Every process counts for itself, and no call ever waits for a store. What has happened is noted, and a task tells it; where the store is away
//! it tries again, and of one breaker only the latest news are kept.

mod errand;
mod status;

use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use self::status::{Status, Unsent};
use super::called::Called;
use super::remote::{Forced, Heard, Node, Openings, Order, Remote, Unavailable};
use crate::core::{Clock, Moment};

/// The breakers of this process, by the names that they have in all of them.
pub(crate) trait Locals: Send + Sync + fmt::Debug {
    /// Opens one that is closed, until then. What it has not got is not meant.
    fn pre_open(&self, called: &Called, until: Moment);

    /// Forces one, and those that are made later; without a key all of its keys.
    fn force(&self, called: &Called, forced: Forced);

    /// What there is without a key.
    fn names(&self) -> Vec<Called>;
}

/// What has become of a breaker of this process, by what it counted itself. A hint is not told on: processes would keep each other open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// It is open until then.
    Opened(Moment),
    Closed,
}

/// What this process has to do with the others.
pub(crate) struct Fleet {
    shared: Arc<Shared>,
    task: Mutex<Option<JoinHandle<()>>>,
}

/// What the task shares with everybody.
struct Shared {
    remote: Arc<dyn Remote>,
    locals: Arc<dyn Locals>,
    clock: Arc<dyn Clock>,
    /// In so many other processes a breaker is open before it opens here: nobody is told and nobody listened to where there is none.
    hints: Option<NonZeroU32>,
    node: Node,
    status: Status,
    /// One order at a time is put into force, so that the later one is the last.
    obeying: Mutex<()>,
}

impl Fleet {
    /// Listens from now on, or from the first call on where there is no runtime yet.
    pub(crate) fn new(
        remote: Arc<dyn Remote>,
        locals: Arc<dyn Locals>,
        clock: Arc<dyn Clock>,
        hints: Option<NonZeroU32>,
    ) -> Arc<Self> {
        let node = Node(getrandom::u64().unwrap_or_default());
        let (status, obeying) = (Status::default(), Mutex::default());
        let shared = Arc::new(Shared { remote, locals, clock, hints, node, status, obeying });
        let fleet = Arc::new(Self { shared, task: Mutex::default() });
        let heard_by: Weak<Self> = Arc::downgrade(&fleet);
        let hear = move |heard| {
            if let Some(fleet) = heard_by.upgrade() {
                fleet.hear(heard);
            }
        };
        fleet.shared.remote.listen(Box::new(hear));
        fleet
    }

    /// Sees to it that somebody listens: where a breaker is made, since that is where a runtime is.
    pub(crate) fn see_to_hearing(&self) {
        self.shared.remote.see_to_hearing();
    }

    /// Has it told to the other processes, in a moment. Waits for nobody.
    pub(crate) fn tell(&self, called: &Called, news: News) {
        if self.shared.hints.is_some() {
            self.shared.status.note(Unsent { called: called.clone(), news });
            self.see_to_errand();
        }
    }

    /// Orders something in all processes, here as well as soon as it is ordered.
    ///
    /// # Errors
    /// Where the store is away, or did not say in time whether it was done.
    pub(crate) async fn force(&self, called: &Called, forced: Forced) -> Result<(), Unavailable> {
        let known = self.shared.status.order_for(called).map_or(0, |order| order.stamp);
        let order = self.shared.remote.force(called, forced, known).await?;
        self.shared.obey(called, order, Source::Told);
        Ok(())
    }

    /// What was ordered for a breaker that is made now: that of its key, or of all, whichever is later.
    pub(crate) fn ordered(&self, called: &Called, of_all: &Called) -> Option<Forced> {
        let order = [called, of_all].into_iter().filter_map(|called| self.shared.status.order_for(called));
        order.max_by_key(|order| order.stamp).map(|order| order.forced)
    }

    fn hear(&self, heard: Heard) {
        match heard {
            Heard::Opened(called, openings) => self.shared.hint(&called, openings),
            Heard::Forced(called, order) => self.shared.obey(&called, order, Source::Told),
            Heard::Missed => {
                self.shared.status.look();
                self.see_to_errand();
            }
        }
    }

    /// Sees to it that the task runs while there is anything to do. Without a runtime whoever has news next tries again.
    fn see_to_errand(&self) {
        let Ok(runtime) = Handle::try_current() else { return };
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        let has_ended = task.as_ref().is_none_or(JoinHandle::is_finished);
        if self.shared.status.begins_work() || has_ended {
            *task = Some(runtime.spawn(Arc::clone(&self.shared).run()));
        }
    }
}

/// How an order was come by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// It was given now.
    Told,
    /// It stood in the store. What was taken back there, and never known here, is no news.
    Found,
}

impl Shared {
    /// Opens what is open in as many other processes as it takes, for as long as it is in so many.
    fn hint(&self, called: &Called, openings: Openings) {
        let Some(hints) = self.hints else { return };
        let mut left: Vec<_> =
            openings.into_iter().filter(|(node, _)| *node != self.node).map(|(_, left)| left).collect();
        left.sort_unstable_by(|one, other| other.cmp(one));
        let place = usize::try_from(hints.get()).unwrap_or(usize::MAX) - 1;
        if let Some(left) = left.get(place) {
            self.locals.pre_open(called, self.clock.now().saturating_add(*left));
        }
    }

    /// Puts an order into force that is later than what is known.
    fn obey(&self, called: &Called, order: Order, source: Source) {
        let _one = self.obeying.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.status.order_for(called);
        if before.is_some_and(|before| before.stamp >= order.stamp) || !self.status.learn(called, order) {
            return;
        }
        let is_news = source == Source::Told || before.is_some() || order.forced != Forced::Not;
        if is_news {
            self.locals.force(called, order.forced);
        }
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        let task = self.task.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = task {
            task.abort();
        }
    }
}

impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet").field("hints", &self.shared.hints).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
