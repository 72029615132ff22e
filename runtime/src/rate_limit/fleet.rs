//! Stand-in: replaced by what keeps a shared store.

use super::memory::Memory;
use super::store::{Ask, Decision, Store};
use crate::core::Moment;

#[derive(Debug)]
pub(crate) enum Limits {
    Memory(Memory),
}

pub(crate) struct Settled {
    pub(crate) rulings: Decision,
    pub(crate) how: How,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Decided,
    Locally,
    Undecided,
    Closed,
}

impl Limits {
    pub(crate) fn new(max_keys: usize) -> Self {
        Self::Memory(Memory::new(max_keys))
    }

    #[inline]
    pub(crate) fn memory(&self) -> Option<&Memory> {
        match self {
            Self::Memory(memory) => Some(memory),
        }
    }

    pub(crate) async fn decide(&self, asks: &[Ask<'_>], now: Moment) -> Settled {
        match self {
            Self::Memory(memory) => match memory.decide(asks, now) {
                Ok(rulings) => Settled { rulings, how: How::Decided },
                Err(_) => Settled { rulings: Decision::new(), how: How::Undecided },
            },
        }
    }
}
