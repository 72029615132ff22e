//! What was made goes to memory at once, and to the shared store in the background.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::runtime::Handle;

use super::lease::Lease;
use super::run::{Ground, is_bypassed};
use super::shared::{believed_until, marks_of, name_of};
use super::{Cache, Question};
use crate::cache::entry::Entry;
use crate::cache::marks::{Mark, Marks};
use crate::cache::remote::{Codec, Found, Remote, Unavailable, Version};

/// As many entries are on their way to the shared store at a time; of more, memory alone has them.
const ON_THEIR_WAY: usize = 1024;

/// An entry on its way to the shared store.
struct Errand {
    cache: Arc<Cache>,
    remote: Arc<dyn Remote>,
    codec: &'static dyn Codec,
    name: String,
    marks: Marks,
    versions: Box<[Version]>,
    entry: Arc<Entry>,
    lease: Option<Lease>,
}

impl Cache {
    /// Keeps an entry, in all places that it belongs to.
    pub(super) fn keep(self: &Arc<Self>, question: &Question, entry: Entry, ground: Ground) -> Arc<Entry> {
        let (Some(remote), Some(codec)) = (&self.remote, question.codec) else {
            let entry = Arc::new(entry);
            self.put(question, &entry);
            return entry;
        };
        let until = believed_until(entry.life.since);
        let entry = Arc::new(entry.shared(ground.versions.clone(), until, ground.doubts));
        if ground.versions.is_some() || !is_bypassed(question) {
            self.put(question, &entry);
        }
        // Where it is not known what its marks stood at, nobody could tell whether it was thrown away meanwhile.
        if let Some(versions) = ground.versions {
            let (name, marks) = (name_of(question, codec), marks_of(question));
            let (remote, entry, lease) = (Arc::clone(remote), Arc::clone(&entry), ground.lease);
            self.send(Errand { cache: Arc::clone(self), remote, codec, name, marks, versions, entry, lease });
        }
        entry
    }

    fn send(&self, errand: Errand) {
        let Ok(runtime) = Handle::try_current() else { return };
        if self.keeping.fetch_add(1, Ordering::Relaxed) >= ON_THEIR_WAY {
            self.keeping.fetch_sub(1, Ordering::Relaxed);
            return self.store_failed();
        }
        let under_way = UnderWay(Arc::clone(&errand.cache));
        drop(runtime.spawn(async move {
            if errand.run().await.is_err() {
                under_way.0.store_failed();
            }
            drop(under_way);
        }));
    }
}

impl Errand {
    async fn run(self) -> Result<(), Unavailable> {
        let kept = match self.found() {
            Some(found) => {
                let marks: Vec<(Mark, Version)> =
                    self.marks.iter().copied().zip(self.versions.iter().copied()).collect();
                self.remote.keep(&self.name, &found, &marks).await
            }
            None => Ok(()),
        };
        // Only now do the others find it.
        match self.lease {
            Some(lease) => kept.and(lease.give_back().await),
            None => kept,
        }
    }

    fn found(&self) -> Option<Found> {
        let Entry { life, value, .. } = &*self.entry;
        if life.terms.total() == 0 || !self.entry.holds(&self.cache.invalidations) {
            return None;
        }
        let payload = self.codec.encode(value)?;
        let for_nanos = self.cache.clock.now().nanos_since(life.since);
        Some(Found { terms: life.terms, for_nanos, payload })
    }
}

/// Counted among those on their way as long as this is kept.
struct UnderWay(Arc<Cache>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.keeping.fetch_sub(1, Ordering::Relaxed);
    }
}
