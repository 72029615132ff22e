//! What goes once something has changed, and where nobody knows whether it has.

use tokio::runtime::Handle;

use super::Tollgate;
use crate::cache::Marks;
use crate::core::{Outcome, Sink as _, SiteId, Told};

/// What is kept of something that is about to change.
///
/// It is made before the change begins. Where nothing says how that ended, because it was dropped or panicked, it may have happened: what is
/// kept goes all the same. Throwing away too much costs a run, throwing away too little answers what is not true any more.
#[must_use = "it is thrown away where it is dropped"]
pub(crate) struct Going {
    tollgate: Tollgate,
    /// `None` once it is known what becomes of them.
    marks: Option<Marks>,
    by: By,
}

/// Who throws it away.
#[derive(Clone, Copy)]
pub(crate) struct By {
    /// What a log calls it.
    pub(crate) name: &'static str,
    /// Where it is counted, if anywhere: a site, and the place of the policy there.
    pub(crate) policy: Option<(SiteId, usize)>,
}

impl Going {
    pub(crate) fn new(tollgate: Tollgate, marks: Marks, by: By) -> Self {
        Self { tollgate, marks: Some(marks), by }
    }

    /// The same with what became known of it since.
    pub(crate) fn and(mut self, marks: impl IntoIterator<Item = crate::cache::Mark>) -> Self {
        self.marks.get_or_insert_default().extend(marks);
        self
    }

    /// Nothing has changed.
    pub(crate) fn stays(mut self) {
        self.marks = None;
    }

    /// It has changed. Gone from this process at once, and from the others when this ends.
    ///
    /// What has changed stays changed where whoever waits for this leaves, so telling goes on without it.
    pub(crate) async fn goes(mut self) {
        let Some(marks) = self.marks.take() else { return };
        self.forget(&marks);
        if !self.tollgate.caches().are_shared() {
            return;
        }
        let tell = tell_others(self.tollgate.clone(), marks, self.by);
        match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(tell).await),
            Err(_) => tell.await,
        }
    }

    /// In this process, waiting for nobody.
    fn forget(&self, marks: &Marks) {
        self.tollgate.caches().forget(marks);
        self.by.tell(&self.tollgate, Outcome::Invalidated);
    }
}

impl Drop for Going {
    fn drop(&mut self) {
        let Some(marks) = self.marks.take() else { return };
        self.forget(&marks);
        if self.tollgate.caches().are_shared()
            && let Ok(runtime) = Handle::try_current()
        {
            drop(runtime.spawn(tell_others(self.tollgate.clone(), marks, self.by)));
        }
    }
}

impl By {
    fn tell(self, tollgate: &Tollgate, outcome: Outcome) {
        if let Some((site, slot)) = self.policy {
            tollgate.instruments().tell(Told::new(site, slot, outcome));
        }
    }
}

/// The processes that share a store. One that is away tells them when it is back.
async fn tell_others(tollgate: Tollgate, marks: Marks, by: By) {
    if tollgate.caches().invalidate(&marks).await.is_err() {
        by.tell(&tollgate, Outcome::StoreFailed);
        tracing::warn!(
            by = by.name,
            "what was thrown away is gone in this process; the store that processes share is away, and the others are told when it is back"
        );
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Waker};

    use super::*;
    use crate::cache::contract::fake::{Fake, Server};
    use crate::cache::{Caches, Mark, Remote as _};
    use crate::core::Clock;
    use crate::testing::ManualClock;

    /// A `Tollgate` with a shared store, and how often others heard of something there.
    fn shared() -> (Tollgate, Arc<AtomicUsize>) {
        let (clock, server) = (ManualClock::new(), Arc::new(Server::default()));
        let heard = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&heard);
        let fake = Fake::new(&server, &clock);
        let mut tollgate = Tollgate::builder().clock(clock.clone()).build().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(clock);
        let caches = Caches::new(1 << 20, &clock, Some(Arc::clone(&fake) as _));
        Arc::get_mut(&mut tollgate.inner).unwrap().caches = caches;
        fake.listen(Box::new(move |_| {
            count.fetch_add(1, Ordering::SeqCst);
        }));
        (tollgate, heard)
    }

    fn going(tollgate: &Tollgate) -> Going {
        let marks = [Mark::tag("a")].into_iter().collect();
        Going::new(tollgate.clone(), marks, By { name: "test", policy: None })
    }

    async fn settle() {
        for _ in 0..16 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn others_are_told_also_where_whoever_waits_for_it_leaves() {
        let (tollgate, heard) = shared();
        {
            let mut goes = Box::pin(going(&tollgate).goes());
            assert!(goes.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            assert_eq!(heard.load(Ordering::SeqCst), 0, "the store has not answered");
        }
        settle().await;
        assert_eq!(heard.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn what_nobody_knows_the_end_of_goes_here_at_once_and_elsewhere_soon() {
        let (tollgate, heard) = shared();
        let before = tollgate.caches().epoch();
        drop(going(&tollgate));
        assert!(tollgate.caches().epoch() > before);
        settle().await;
        assert_eq!(heard.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn what_has_not_changed_stays() {
        let (tollgate, heard) = shared();
        let before = tollgate.caches().epoch();
        going(&tollgate).stays();
        settle().await;
        assert_eq!((tollgate.caches().epoch(), heard.load(Ordering::SeqCst)), (before, 0));
    }
}
