//! What a full limiter still knows of its clients.

use tollgate::{
    __private::{Limiter, Rate},
    Moment,
};

use super::{Sizes, address};

/// Clients of a limiter that admits each of them once, and of which more come than it has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The room.
    pub room: u32,
    /// Clients that were there before the others.
    pub active: u32,
    /// Those of them that the limiter still refuses when the others have come.
    pub kept: u32,
    /// Clients that came afterwards.
    pub newcomers: u32,
    /// Those of them that it admitted: as many as had room, and one with the permit that the others share.
    pub admitted: u32,
}

impl Bound {
    /// Whether all clients that were there kept their state, and the others got no more than the room and what they share.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.kept == self.active && self.admitted <= self.room - self.active + 1
    }
}

/// Lets half as many clients again come to a limiter as it has room for.
#[must_use]
pub fn bound(sizes: Sizes) -> Bound {
    const RATE: Rate = Rate::new("default", 1, 3_600_000_000_000);
    let (room, active, newcomers) = (sizes.many, sizes.many / 10, sizes.many / 2 * 3);
    let limiter = Limiter::new(room as usize, RATE);
    let admit = |client: &u32| limiter.admit(address(*client), Moment::ORIGIN);
    let count = |clients: usize| u32::try_from(clients).unwrap_or(u32::MAX);
    let known = count((0..active).filter(admit).count());
    let admitted = count((active..active + newcomers).filter(admit).count());
    let kept = known - count((0..active).filter(admit).count()).min(known);
    Bound { room, active, kept, newcomers, admitted }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::SMALL, *};

    #[test]
    fn those_who_were_there_are_known_and_the_others_share() {
        let bound = bound(SMALL);
        assert!(bound.holds(), "{bound:?}");
        assert_eq!((bound.active, bound.newcomers), (2_000, 30_000));
        assert!(bound.admitted > bound.room / 2, "{bound:?}");
    }

    #[test]
    fn a_client_that_was_forgotten_is_noticed() {
        let kept = Bound { room: 10, active: 2, kept: 2, newcomers: 30, admitted: 9 };
        assert!(kept.holds());
        assert!(!Bound { kept: 1, ..kept }.holds());
        assert!(!Bound { admitted: 10, ..kept }.holds());
    }
}
