//! Throwing away.

use super::super::marks::Mark;
use super::super::remote::Unavailable;
use super::calls::{LONGEST, Shared};
use super::look::understood;
use super::unsent::{Duty, Parcel};
use super::{message, names, versions};
use crate::backend::all;
use crate::backend::redis::{Arg, Script};
use crate::core::Moment;

static PURGE: Script = Script::new(include_str!("purge.lua"));

/// How long a mark is remembered: a day longer than any entry that was made before it was thrown away. Milliseconds.
const MARKED: u64 = LONGEST + 24 * 3_600 * 1_000;

impl Shared {
    /// These marks and all that the server has yet to hear of. What does not arrive is told later.
    pub(super) async fn purge(&self, marks: &[Mark]) -> Result<(), Unavailable> {
        self.send(self.unsent.with(marks), self.redis.deadline()).await
    }

    /// Tells the server what it has yet to hear of. Until then, what it says is not to be believed.
    pub(super) async fn catch_up(&self, deadline: Moment) -> Result<(), Unavailable> {
        match self.unsent.duty() {
            Duty::Nothing => Ok(()),
            Duty::Wait => Err(Unavailable),
            Duty::Tell(parcel) => self.send(parcel, deadline).await,
        }
    }

    async fn send(&self, mut parcel: Parcel<'_>, deadline: Moment) -> Result<(), Unavailable> {
        while !parcel.marks.is_empty() {
            let part: Vec<_> = parcel.marks.iter().copied().take(message::MOST).collect();
            self.send_part(&part, deadline).await?;
            parcel.arrived(part.len());
        }
        Ok(())
    }

    /// All slots at the same time.
    async fn send_part(&self, marks: &[Mark], deadline: Moment) -> Result<(), Unavailable> {
        let mut groups: Vec<(u16, Vec<Mark>)> = Vec::new();
        for mark in marks {
            let slot = self.redis.slot_of(&names::mark(self.redis.namespace(), mark));
            match groups.iter_mut().find(|(known, _)| *known == slot) {
                Some((_, group)) => group.push(*mark),
                None => groups.push((slot, vec![*mark])),
            }
        }
        let sent = all(groups.iter().map(|(_, group)| Box::pin(self.tell(group, deadline))).collect()).await;
        sent.into_iter().collect()
    }

    /// One script, so that nobody hears of a mark before it stands elsewhere.
    async fn tell(&self, marks: &[Mark], deadline: Moment) -> Result<(), Unavailable> {
        let namespace = self.redis.namespace();
        let keys: Vec<_> = marks.iter().map(|mark| names::mark(namespace, mark)).collect();
        let versions: Option<Vec<_>> = marks.iter().map(|_| versions::new().map(versions::written)).collect();
        let versions = versions.ok_or(Unavailable)?;
        let (channel, message) = (names::channel(namespace), message::write(marks));
        let mut args = vec![Arg::Text(&channel), Arg::Bytes(&message), Arg::Number(MARKED)];
        args.extend(versions.iter().map(|version| Arg::Text(version)));
        understood(self.redis.eval(&PURGE, &keys, &args, deadline).await, |_| Some(()))
    }
}
