//! One run: what is known, then the work, then what becomes of it.

use std::sync::Arc;

use super::lease::Lease;
use super::{Cache, Fetched, How, Made, Question};
use crate::cache::entry::{Entry, Value};
use crate::cache::flight::{Payload, Run, caught, text_of};
use crate::cache::life::{Life, Standing};
use crate::cache::marks::Epoch;
use crate::cache::policy::OnCacheError;
use crate::cache::remote::Version;
use crate::core::discard;

/// What a flight brings to all who wait for it.
#[derive(Clone)]
pub(super) enum Landed {
    Entry(Arc<Entry>, How),
    Passed {
        value: Value,
        failed: bool,
    },
    /// Something for one of them alone.
    Own,
    Panicked(Arc<str>),
}

/// What somebody is content with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Goal {
    /// Anything of use; what is stale is made anew in the background.
    Any,
    /// Anything fresh.
    Fresh,
    /// Anything fresher than what they have.
    Better,
    /// Nothing that is kept.
    New,
}

/// What is known before the work is done.
pub(super) enum Known {
    /// It was kept.
    Entry(Arc<Entry>, How),
    /// It has to be made.
    Nothing(Ground),
}

/// What the work goes on from.
pub(super) struct Ground {
    /// What is given where it fails.
    pub(super) present: Option<Arc<Entry>>,
    /// What its marks stand at, where the shared store said so.
    pub(super) versions: Option<Box<[Version]>>,
    /// How many doubts there were when it was asked.
    pub(super) doubts: u64,
    /// No other process does the same.
    pub(super) lease: Option<Lease>,
    /// Another process does.
    pub(super) is_taken: bool,
}

impl Cache {
    /// What is known of it: in memory, or by the shared store.
    pub(super) async fn known(self: &Arc<Self>, run: &Run<Landed>, question: &Question, goal: Goal) -> Known {
        let kept = self.store.peek(&question.key).filter(|entry| entry.holds(&self.invalidations));
        if let Some(entry) = &kept
            && self.came_meanwhile(question, goal, entry)
        {
            return Known::Entry(Arc::clone(entry), How::Hit);
        }
        let present = kept.or_else(|| question.present.clone()).filter(|_| !matches!(goal, Goal::New));
        match (&self.remote, question.codec) {
            (Some(remote), Some(codec)) => {
                let asked = Self::asked(remote, codec, question, run.plan().born, run.number());
                self.known_to_all(&asked, goal, present).await
            }
            _ => Known::Nothing(self.ground(present)),
        }
    }

    /// What the work goes on from where the shared store is not asked.
    pub(super) fn ground(&self, present: Option<Arc<Entry>>) -> Ground {
        Ground { present, versions: None, doubts: self.invalidations.doubts(), lease: None, is_taken: false }
    }

    /// Whether memory has something since it was looked at.
    fn came_meanwhile(&self, question: &Question, goal: Goal, entry: &Arc<Entry>) -> bool {
        let is_other = question.present.as_ref().is_none_or(|present| !Arc::ptr_eq(present, entry));
        let now = self.clock.now();
        is_other
            && !matches!(goal, Goal::New)
            && entry.is_trusted(now, &self.invalidations)
            && is_fresh(entry.life.standing(now), goal)
    }

    /// Does the work, for all who wait. What it panicked with goes to whoever began it.
    pub(super) async fn make<O, F>(
        self: &Arc<Self>,
        run: Run<Landed>,
        question: &Question,
        ground: Ground,
        work: F,
    ) -> Result<Fetched<O>, Payload>
    where
        F: Future<Output = Made<O>>,
    {
        let made = caught(run.aboard(work)).await;
        match self.settle(question, ground, run.plan().born, run.number(), made) {
            Ok((fetched, landed)) => {
                run.land(landed);
                Ok(fetched)
            }
            Err(payload) => {
                run.land(Landed::Panicked(text_of(&payload)));
                Err(payload)
            }
        }
    }

    /// What becomes of what was made: for whoever made it, and for those who wait.
    pub(super) fn settle<O>(
        self: &Arc<Self>,
        question: &Question,
        ground: Ground,
        born: Epoch,
        number: u64,
        made: Result<Made<O>, Payload>,
    ) -> Result<(Fetched<O>, Landed), Payload> {
        if has_failed(&made)
            && let Some(present) =
                self.rescue(if question.is_strict { &question.present } else { &ground.present }.as_ref())
        {
            made.err().into_iter().for_each(discard);
            return Ok(to_all(present, How::StaleOnError));
        }
        Ok(match made? {
            Made::Kept(draft) => {
                let life = Life::new(draft.terms, self.clock.now(), self.draw());
                let marks = question.marks.clone();
                let entry = Entry::new(draft.value, life, marks, born, draft.bytes).of_turn(number);
                to_all(self.keep(question, entry, ground), How::Made)
            }
            Made::Passed { value, failed } => {
                (Fetched::Passed(Arc::clone(&value), How::Made), Landed::Passed { value, failed })
            }
            Made::Own { own, .. } => {
                self.passing.add(&question.key, self.clock.now());
                (Fetched::Own(own), Landed::Own)
            }
        })
    }

    /// What is given where the work failed.
    pub(super) fn rescue(&self, present: Option<&Arc<Entry>>) -> Option<Arc<Entry>> {
        let present = present?;
        let standing = present.life.standing(self.clock.now());
        let may = matches!(standing, Standing::Stale { .. } | Standing::LastResort { .. });
        (may && present.holds(&self.invalidations)).then(|| Arc::clone(present))
    }

    /// Puts an entry into memory, unless there is the result of a later run, or it was thrown away before it was complete.
    pub(super) fn put(&self, question: &Question, entry: &Arc<Entry>) {
        if entry.holds(&self.invalidations) {
            let (born, turn) = (entry.born, entry.turn());
            self.passing.remove(&question.key);
            self.store.put(&question.key, Arc::clone(entry), &|present| present.is_later_than(born, turn));
        }
    }
}

/// An entry for whoever led, and for those who wait.
fn to_all<O>(entry: Arc<Entry>, how: How) -> (Fetched<O>, Landed) {
    (Fetched::Entry(Arc::clone(&entry), how), Landed::Entry(entry, how))
}

const fn has_failed<O>(made: &Result<Made<O>, Payload>) -> bool {
    matches!(made, Err(_) | Ok(Made::Passed { failed: true, .. } | Made::Own { failed: true, .. }))
}

/// Whether something is fresh enough for that goal.
pub(super) const fn is_fresh(standing: Standing, goal: Goal) -> bool {
    match standing {
        Standing::Fresh { .. } => true,
        Standing::Early { .. } => !matches!(goal, Goal::Better),
        Standing::Stale { .. } | Standing::LastResort { .. } | Standing::Spent { .. } => false,
    }
}

/// Whether nothing that the shared store does not know is of any use.
pub(super) const fn is_bypassed(question: &Question) -> bool {
    matches!(question.on_store_error, OnCacheError::Bypass)
}
