//! Looking for an entry, and at what its marks stand.

use ::redis::Value;

use super::super::marks::Mark;
use super::super::remote::{Found, Looked, Unavailable, Version};
use super::super::wire::{Envelope, MOST_BYTES};
use super::calls::Shared;
use super::{names, versions};
use crate::backend::all;
use crate::backend::redis::{Arg, Failure, Script};
use crate::core::Moment;

static LOOK: Script = Script::new(include_str!("look.lua"));

const MILLI: u64 = 1_000_000;

/// Keys of one slot: all there are, unless the servers are a cluster.
struct Group {
    slot: u16,
    names: Vec<String>,
    /// Where each mark belongs.
    places: Vec<usize>,
    has_entry: bool,
}

/// An entry as it is kept, and how many milliseconds it still lives.
type Kept = (Vec<u8>, u64);

impl Shared {
    /// Asks all slots at the same time.
    pub(super) async fn look(&self, name: &str, marks: &[Mark]) -> Result<Looked, Unavailable> {
        let deadline = self.redis.deadline();
        self.catch_up(deadline).await?;
        let groups = self.groups(name, marks);
        let answers = all(groups.iter().map(|group| Box::pin(self.ask(group, deadline))).collect()).await;
        let mut entry = None;
        let mut versions = vec![0; marks.len()];
        for (group, answer) in groups.iter().zip(answers) {
            let (kept, present) = answer?;
            entry = entry.or(kept);
            for (place, version) in group.places.iter().zip(present) {
                if let Some(slot) = versions.get_mut(*place) {
                    *slot = version;
                }
            }
        }
        let found = entry.and_then(|kept| found(name, &kept, marks, &versions));
        Ok(Looked { versions, found })
    }

    /// What is asked for where.
    fn groups(&self, name: &str, marks: &[Mark]) -> Vec<Group> {
        let namespace = self.redis.namespace();
        let entry = names::entry(namespace, name);
        let slot = self.redis.slot_of(&entry);
        let mut groups = vec![Group { slot, names: vec![entry], places: Vec::new(), has_entry: true }];
        for (place, mark) in marks.iter().enumerate() {
            let name = names::mark(namespace, mark);
            let slot = self.redis.slot_of(&name);
            match groups.iter_mut().find(|group| group.slot == slot) {
                Some(group) => {
                    group.names.push(name);
                    group.places.push(place);
                }
                None => groups.push(Group { slot, names: vec![name], places: vec![place], has_entry: false }),
            }
        }
        groups
    }

    async fn ask(
        &self,
        group: &Group,
        deadline: Moment,
    ) -> Result<(Option<Kept>, Vec<Version>), Unavailable> {
        let most = [Arg::Number(MOST_BYTES as u64)];
        let args = if group.has_entry { &most[..] } else { &[] };
        let answer = self.redis.eval(&LOOK, &group.names, args, deadline).await;
        let read = |answer| read(answer, group);
        understood(answer, read)
    }
}

/// What a script answered, as it is meant. Why there is nothing is told in the log: nobody else hears it.
pub(super) fn understood<T>(
    answer: Result<Value, Failure>,
    read: impl FnOnce(Value) -> Option<T>,
) -> Result<T, Unavailable> {
    let answer = answer.map_err(|failure| {
        tracing::debug!(target: "tollgate::redis", %failure, "nothing was cached or looked up");
        Unavailable
    })?;
    read(answer).ok_or_else(|| {
        tracing::warn!(target: "tollgate::redis", "a script answered what it never should");
        Unavailable
    })
}

fn read(answer: Value, group: &Group) -> Option<(Option<Kept>, Vec<Version>)> {
    let Value::Array(parts) = answer else { return None };
    let mut parts = parts.into_iter();
    let entry = if group.has_entry { kept(parts.next()?, &parts.next()?)? } else { None };
    let versions: Option<Vec<_>> = parts.map(|part| version(&part)).collect();
    let versions = versions.filter(|versions| versions.len() == group.places.len())?;
    Some((entry, versions))
}

/// What there is, if that is understood at all. Something without an end of its life is none of ours.
#[allow(clippy::option_option, reason = "nothing there, and nothing that is understood")]
fn kept(entry: Value, left: &Value) -> Option<Option<Kept>> {
    match (entry, left) {
        (Value::Nil, _) => Some(None),
        (Value::BulkString(bytes), Value::Int(left)) => {
            Some(u64::try_from(*left).ok().map(|left| (bytes, left)))
        }
        _ => None,
    }
}

fn version(part: &Value) -> Option<Version> {
    match part {
        Value::Nil => Some(0),
        Value::BulkString(bytes) => Some(versions::read(bytes)),
        _ => None,
    }
}

/// The entry, if these are its marks and they stand where they stood.
fn found(name: &str, (bytes, left): &Kept, marks: &[Mark], versions: &[Version]) -> Option<Found> {
    let Envelope { life, aged, terms, marks: of_entry, payload } = Envelope::read(name, bytes)?;
    let holds = of_entry.iter().copied().eq(marks.iter().copied().zip(versions.iter().copied()));
    let for_nanos = life.checked_sub(*left)?.saturating_mul(MILLI).saturating_add(aged);
    holds.then(|| Found { terms, for_nanos, payload: payload.to_vec() })
}
