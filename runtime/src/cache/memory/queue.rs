//! What stands in a queue goes by its place in a vector, and leaves from anywhere.

/// No place.
pub(super) const NOWHERE: u32 = u32::MAX;

/// The two neighbours of something that stands in a queue.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    before: u32,
    behind: u32,
}

impl Link {
    /// Of what stands in no queue.
    pub(super) const NONE: Self = Self { before: NOWHERE, behind: NOWHERE };
}

/// Something that stands in a queue.
pub(super) trait Linked {
    fn link(&mut self) -> &mut Link;
}

/// First come, first to go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Queue {
    first: u32,
    last: u32,
    /// What all that stands here weighs together.
    pub(super) weight: u64,
}

impl Queue {
    pub(super) const EMPTY: Self = Self { first: NOWHERE, last: NOWHERE, weight: 0 };

    /// Who came first, if anybody did.
    pub(super) fn first(&self) -> Option<u32> {
        (self.first != NOWHERE).then_some(self.first)
    }

    /// Lets somebody in at the end who stands in no queue.
    pub(super) fn enter<T: Linked>(&mut self, all: &mut [T], place: u32, weight: u32) {
        *link(all, place) = Link { before: self.last, behind: NOWHERE };
        match self.last {
            NOWHERE => self.first = place,
            last => link(all, last).behind = place,
        }
        self.last = place;
        self.weight += u64::from(weight);
    }

    /// Lets somebody go who stands here.
    pub(super) fn leave<T: Linked>(&mut self, all: &mut [T], place: u32, weight: u32) {
        let Link { before, behind } = std::mem::replace(link(all, place), Link::NONE);
        match before {
            NOWHERE => self.first = behind,
            before => link(all, before).behind = behind,
        }
        match behind {
            NOWHERE => self.last = before,
            behind => link(all, behind).before = before,
        }
        self.weight -= u64::from(weight);
    }
}

fn link<T: Linked>(all: &mut [T], place: u32) -> &mut Link {
    all[place as usize].link()
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Linked for Link {
        fn link(&mut self) -> &mut Link {
            self
        }
    }

    #[test]
    fn whoever_came_first_goes_first_and_others_leave_from_anywhere() {
        let mut all = vec![Link::NONE; 5];
        let mut queue = Queue::EMPTY;
        for place in 0..5 {
            queue.enter(&mut all, place, 10);
        }
        for place in [2, 0, 4] {
            queue.leave(&mut all, place, 10);
        }
        queue.enter(&mut all, 0, 5);
        let mut order = Vec::new();
        while let Some(place) = queue.first() {
            order.push(place);
            queue.leave(&mut all, place, if place == 0 { 5 } else { 10 });
        }
        assert_eq!((order, queue.weight), (vec![1, 3, 0], 0));
    }
}
