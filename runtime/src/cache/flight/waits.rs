//! Which flight waits for which, so that none waits for itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use smallvec::SmallVec;

/// Tells flights apart, of all caches. A later one has a higher number.
pub(in super::super) type Number = u64;

tokio::task_local! {
    /// The flight whose work this task does, the innermost one.
    static WITHIN: Number;
}

static NUMBERS: AtomicU64 = AtomicU64::new(1);

/// Who waits for whom: of flights alone, so it is empty where no work wants something else of a cache. What is in there is a `Wait`.
static WAITS: Mutex<Option<HashMap<Number, SmallVec<[Number; 2]>>>> = Mutex::new(None);

/// A number that no flight had.
pub(in super::super) fn next_number() -> Number {
    NUMBERS.fetch_add(1, Ordering::Relaxed)
}

/// The flight that this task works for.
pub(super) fn within() -> Option<Number> {
    WITHIN.try_with(|number| *number).ok()
}

/// Work of that flight.
pub(super) fn scope<F: Future>(flight: Number, work: F) -> impl Future<Output = F::Output> + use<F> {
    WITHIN.scope(flight, work)
}

/// A flight waits for another one as long as this is kept; or nobody does.
#[derive(Debug, Default)]
pub(super) struct Wait(Option<(Number, Number)>);

impl Wait {
    /// Has one wait for the other; `None` where the other one waits for it already.
    pub(super) fn of(waiting: Option<Number>, awaited: Number) -> Option<Self> {
        let Some(waiting) = waiting else { return Some(Self(None)) };
        let mut waits = waits();
        let waits = waits.get_or_insert_default();
        if reaches(waits, awaited, waiting) {
            return None;
        }
        waits.entry(waiting).or_default().push(awaited);
        Some(Self(Some((waiting, awaited))))
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        let Some((waiting, awaited)) = self.0 else { return };
        let mut waits = waits();
        let Some(waits) = waits.as_mut() else { return };
        let Some(of_one) = waits.get_mut(&waiting) else { return };
        if let Some(place) = of_one.iter().position(|number| *number == awaited) {
            of_one.swap_remove(place);
        }
        if of_one.is_empty() {
            waits.remove(&waiting);
        }
    }
}

/// Whether one flight is the other one, or waits for it, or for one that does.
fn reaches(waits: &HashMap<Number, SmallVec<[Number; 2]>>, from: Number, to: Number) -> bool {
    let (mut seen, mut open) = (Vec::new(), vec![from]);
    while let Some(number) = open.pop() {
        if number == to {
            return true;
        }
        if !seen.contains(&number) {
            seen.push(number);
            open.extend(waits.get(&number).into_iter().flatten());
        }
    }
    false
}

fn waits() -> MutexGuard<'static, Option<HashMap<Number, SmallVec<[Number; 2]>>>> {
    WAITS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_seen_however_long_it_is_and_forgotten_with_its_waits() {
        let [a, b, c] = [(); 3].map(|()| next_number());
        let first = Wait::of(Some(a), b);
        let second = Wait::of(Some(b), c);
        assert!(first.is_some() && second.is_some());
        assert!(Wait::of(Some(c), a).is_none());
        assert!(Wait::of(Some(a), a).is_none(), "and the shortest one");
        drop(second);
        let third = Wait::of(Some(c), a);
        assert!(third.is_some());
        drop((first, third));
        assert!(Wait::of(Some(b), a).is_some());
        let waits = waits();
        let numbers = waits.as_ref().unwrap();
        assert!([a, b, c].iter().all(|number| !numbers.contains_key(number)));
    }

    #[test]
    fn one_that_is_waited_for_twice_is_waited_for_until_both_are_gone() {
        let [a, b] = [(); 2].map(|()| next_number());
        let (first, second) = (Wait::of(Some(a), b), Wait::of(Some(a), b));
        drop(first);
        assert!(Wait::of(Some(b), a).is_none());
        drop(second);
        assert!(Wait::of(Some(b), a).is_some());
    }

    #[test]
    fn whoever_works_for_no_flight_waits_for_any() {
        assert!(Wait::of(None, 7).is_some());
    }
}
