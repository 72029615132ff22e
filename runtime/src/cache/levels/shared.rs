//! What the shared store says, and how far memory is believed without it.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::run::{Goal, Ground, Known, is_bypassed, is_fresh};
use super::{Cache, How, Question};
use crate::cache::entry::Entry;
use crate::cache::life::{Life, Standing, Terms};
use crate::cache::marks::{Epoch, Mark, Marks};
use crate::cache::remote::{Codec, Found, Looked, Remote, Version};
use crate::core::{Moment, discard};

/// How long memory gives what the shared store has, too, without asking it: what a lost message did not throw away goes by then.
/// Nanoseconds.
const BELIEVED: u64 = 60_000_000_000;
/// The same while the shared store is away: one question of many finds out whether it is back. Nanoseconds.
const BELIEVED_WHILE_AWAY: u64 = 1_000_000_000;

/// A question as the shared store is asked it.
pub(super) struct Asked<'a> {
    pub(super) remote: &'a Arc<dyn Remote>,
    pub(super) codec: &'static dyn Codec,
    pub(super) question: &'a Question,
    /// What the entry goes by there.
    pub(super) name: String,
    /// What it is thrown away by, [`Mark::ALL`] first.
    pub(super) marks: Marks,
    pub(super) born: Epoch,
    pub(super) turn: u64,
}

impl Cache {
    pub(super) fn asked<'a>(
        remote: &'a Arc<dyn Remote>,
        codec: &'static dyn Codec,
        question: &'a Question,
        born: Epoch,
        turn: u64,
    ) -> Asked<'a> {
        let (name, marks) = (name_of(question, codec), marks_of(question));
        Asked { remote, codec, question, name, marks, born, turn }
    }

    /// What the shared store knows of it, and where it knows nothing, whether another process makes it.
    pub(super) async fn known_to_all(
        self: &Arc<Self>,
        asked: &Asked<'_>,
        goal: Goal,
        present: Option<Arc<Entry>>,
    ) -> Known {
        let doubts = self.invalidations.doubts();
        let Ok(looked) = asked.remote.look(&asked.name, &asked.marks).await else {
            self.store_failed();
            let ground = Ground { present, versions: None, doubts, lease: None, is_taken: false };
            return self.known_without(asked.question, goal, ground);
        };
        match self.weigh(asked, goal, present, looked, doubts) {
            Known::Nothing(ground) if asked.question.lease > 0 && !matches!(goal, Goal::New) => {
                self.leased(asked, goal, ground).await
            }
            known => known,
        }
    }

    /// What the shared store has against what memory has.
    pub(super) fn weigh(
        &self,
        asked: &Asked<'_>,
        goal: Goal,
        present: Option<Arc<Entry>>,
        looked: Looked,
        doubts: u64,
    ) -> Known {
        let now = self.clock.now();
        let versions = Some(looked.versions.into_boxed_slice()).filter(|all| all.len() == asked.marks.len());
        let ground =
            |present| Ground { present, versions: versions.clone(), doubts, lease: None, is_taken: false };
        if matches!(goal, Goal::New) {
            return Known::Nothing(ground(None));
        }
        let early = present.as_ref().map_or(u64::MAX, |present| present.life.early);
        // Nobody anywhere has thrown it away, whether the shared store still has it or not.
        let present = present.filter(|entry| self.still_stands(asked.question, entry, versions.as_deref()));
        if let Some(entry) = &present {
            entry.trust(now.saturating_add_nanos(BELIEVED), doubts);
            if is_fresh(entry.life.standing(now), goal) {
                return Known::Entry(Arc::clone(entry), How::Hit);
            }
        }
        let found =
            looked.found.and_then(|found| self.entry_of(asked, &found, versions.clone(), doubts, early));
        if let Some(entry) = &found {
            self.put(asked.question, entry);
        }
        match found.or(present) {
            Some(entry) if is_fresh(entry.life.standing(now), goal) => Known::Entry(entry, How::Hit),
            Some(entry) if is_stale_enough(&entry, goal, now) => Known::Entry(entry, How::Stale),
            entry => Known::Nothing(ground(entry)),
        }
    }

    /// Whether nobody has thrown it away. What somebody has thrown away, and this process has not heard of, goes from memory.
    fn still_stands(&self, question: &Question, entry: &Arc<Entry>, versions: Option<&[Version]>) -> bool {
        let Some(versions) = versions else { return false };
        if entry.was_thrown_away(versions) {
            self.store.remove(&question.key, entry);
        }
        entry.stands_at(versions)
    }

    /// What memory has, without the shared store.
    fn known_without(&self, question: &Question, goal: Goal, ground: Ground) -> Known {
        if is_bypassed(question) {
            return Known::Nothing(Ground { present: None, ..ground });
        }
        let now = self.clock.now();
        match ground.present {
            Some(entry) if is_fresh(entry.life.standing(now), goal) => {
                entry.trust(now.saturating_add_nanos(BELIEVED_WHILE_AWAY), ground.doubts);
                Known::Entry(entry, How::Hit)
            }
            Some(entry) if is_stale_enough(&entry, goal, now) => {
                entry.trust(now.saturating_add_nanos(BELIEVED_WHILE_AWAY), ground.doubts);
                Known::Entry(entry, How::Stale)
            }
            present => Known::Nothing(Ground { present, ..ground }),
        }
    }

    /// What the shared store has, as an entry of memory; `None` where another build wrote it.
    fn entry_of(
        &self,
        asked: &Asked<'_>,
        found: &Found,
        versions: Option<Box<[Version]>>,
        doubts: u64,
        early: u64,
    ) -> Option<Arc<Entry>> {
        // What reads the bytes is code of others, and the bytes may be anybody's.
        let decoded = catch_unwind(AssertUnwindSafe(|| asked.codec.decode(&found.payload)));
        let (value, bytes) = decoded.unwrap_or_else(|payload| {
            discard(payload);
            None
        })?;
        let now = self.clock.now();
        let initial_age = found.terms.initial_age.saturating_add(found.for_nanos);
        let mut life = Life::new(Terms { initial_age, ..found.terms }, now, self.draw());
        // Drawn once for this process: what memory had may be the same, and is not to be made anew any later for having been asked for.
        life.early = life.early.min(early);
        let entry =
            Entry::new(value, life, asked.question.marks.clone(), asked.born, bytes).of_turn(asked.turn);
        Some(Arc::new(entry.shared(versions, now.saturating_add_nanos(BELIEVED), doubts)))
    }
}

/// How long memory believes in what has just been made.
pub(super) const fn believed_until(now: Moment) -> Moment {
    now.saturating_add_nanos(BELIEVED)
}

/// Whether it may be used while it is made anew.
fn is_stale_enough(entry: &Entry, goal: Goal, now: Moment) -> bool {
    matches!(goal, Goal::Any) && matches!(entry.life.standing(now), Standing::Stale { .. })
}

/// What an entry goes by in the shared store: its site, what its bytes mean, and its types and its key as a hash, so that no key of a
/// client's is read by anybody, and none is too long. Other processes have it by the same name, of this build or another one.
pub(super) fn name_of(question: &Question, codec: &dyn Codec) -> String {
    let mut name = format!("{}:{:016x}:", question.site, codec.fingerprint());
    let mut hash = Sha256::new();
    for of_type in &question.types {
        // No name of a type has such a byte, so none goes on where another one begins.
        hash.update(of_type());
        hash.update([0xff]);
    }
    hash.update([0xff]);
    hash.update(question.key.get(question.local..).unwrap_or_default());
    for byte in hash.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

pub(super) fn marks_of(question: &Question) -> Marks {
    let mut marks = Marks::with_capacity(question.marks.len() + 1);
    marks.push(Mark::ALL);
    marks.extend_from_slice(&question.marks);
    marks
}
