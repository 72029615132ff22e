//! Breakers for keys: which key has its own, which is given up for another, and what all of them have in common.

use std::sync::Mutex;
use std::time::Duration;

use super::super::breakers::Breakers;
use super::super::group::{Group, Teller};
use super::super::policy::CircuitBreaker;
use super::super::state::Mode;
use super::*;
use crate::core::{BreakerState, Clock, Origin, Site, Transition, Verdict};
use crate::testing::ManualClock;

static POLICY: CircuitBreaker =
    CircuitBreaker::new().consecutive_failures(2).jitter(0).open_for(1_000_000_000).by("tenant", 3);

const fn site(function: &'static str) -> Site {
    Site::new(Origin { file: "keyed.rs", line: 1, column: 1, module: "keyed", function }, None, Vec::new)
}

type Heard = Arc<Mutex<Vec<String>>>;

/// Everything that is told, a line each.
fn listener() -> (Teller, Heard) {
    let heard = Heard::default();
    let told = Arc::clone(&heard);
    let teller = move |transition: &Transition| {
        let Transition { site, key, from, to, .. } = transition;
        let key = key.as_deref().unwrap_or("-");
        told.lock().unwrap().push(format!("{site} {key} {from} {to}"));
    };
    (Arc::new(teller), heard)
}

fn group(teller: &Teller) -> Group {
    Group::new("weather", &POLICY, teller)
}

fn fail(group: &Group, key: &str, clock: &ManualClock) {
    let found = group.of(&Key::from(key), clock);
    if let Ok(permit) = found.breaker().acquire(clock) {
        permit.finish(Verdict::Failure, None);
    }
}

fn open(group: &Group, key: &str, clock: &ManualClock) {
    fail(group, key, clock);
    fail(group, key, clock);
}

fn is_refused(group: &Group, key: &str, clock: &ManualClock) -> bool {
    group.of(&Key::from(key), clock).breaker().acquire(clock).is_err()
}

#[test]
fn each_key_has_a_breaker_of_its_own() {
    let ((teller, heard), clock) = (listener(), ManualClock::new());
    let group = group(&teller);
    open(&group, "a", &clock);
    assert!(is_refused(&group, "a", &clock));
    assert!(!is_refused(&group, "b", &clock));
    assert_eq!(*heard.lock().unwrap(), ["weather text:a closed open"]);
}

#[test]
fn new_keys_never_push_out_an_open_breaker_and_then_share_one() {
    let ((teller, _), clock) = (listener(), ManualClock::new());
    let group = group(&teller);
    for key in ["a", "b", "c"] {
        open(&group, key, &clock);
    }
    for attack in 0..1000 {
        let found = group.of(&Key::from(attack), &clock);
        assert!(std::ptr::eq(found.breaker(), group.one()), "there is no room");
    }
    for key in ["a", "b", "c"] {
        assert!(is_refused(&group, key, &clock), "{key}");
    }
    assert_eq!(group.slots().count(), 3);
}

#[test]
fn a_key_that_nobody_called_by_makes_room_and_leaves_nothing_behind() {
    let ((teller, heard), clock) = (listener(), ManualClock::new());
    let group = group(&teller);
    open(&group, "a", &clock);
    fail(&group, "b", &clock);
    fail(&group, "c", &clock);
    // The first look finds all of them in use, the next one does not.
    assert!(std::ptr::eq(group.of(&Key::from("d"), &clock).breaker(), group.one()));
    fail(&group, "d", &clock);
    let names: Vec<_> = group.slots().filter_map(Slot::key).collect();
    assert!(names.contains(&"text:d".into()) && names.contains(&"text:a".into()), "{names:?}");
    assert_eq!(group.named("text:d").map(|slot| slot.snapshot(clock.now()).failures), Some(1), "its own");
    assert!(is_refused(&group, "a", &clock));
    assert_eq!(*heard.lock().unwrap(), ["weather text:a closed open"], "nobody hears of a key that moves in");
}

#[test]
fn what_was_let_pass_for_a_former_key_counts_for_nothing() {
    let ((teller, _), clock) = (listener(), ManualClock::new());
    let group = group(&teller);
    let former = group.of(&Key::from("a"), &clock);
    let permit = former.breaker().acquire(&clock).unwrap();
    for key in ["b", "c", "d", "d"] {
        fail(&group, key, &clock);
    }
    for key in ["e", "f", "g"] {
        fail(&group, key, &clock);
    }
    assert!(!former.is_current());
    permit.finish(Verdict::Failure, None);
    let counted = group.slots().map(|slot| slot.snapshot(clock.now()).failures);
    assert!(counted.into_iter().all(|failures| failures <= 2));
}

#[test]
fn what_somebody_holds_stays() {
    let ((teller, _), clock) = (listener(), ManualClock::new());
    let group = group(&teller);
    fail(&group, "a", &clock);
    let slot = group.named("text:a").unwrap();
    group.hold_one(slot, Some(Mode::ForcedClosed), clock.now());
    for attack in 0..100 {
        let _ = group.of(&Key::from(attack), &clock);
    }
    assert_eq!(group.named("text:a").map(Slot::state), Some(BreakerState::ForcedClosed));
    group.hold(Some(Mode::ForcedOpen), clock.now());
    assert_eq!(
        slot.state(),
        BreakerState::ForcedClosed,
        "what was said of one key goes before what was said of all"
    );
    assert!(is_refused(&group, "new", &clock), "keys that come later are held likewise");
    group.hold(None, clock.now());
    group.hold_one(slot, None, clock.now());
    assert_eq!(slot.state(), BreakerState::Closed);
    assert!(!is_refused(&group, "new", &clock));
}

#[test]
fn an_open_key_is_told_as_the_state_of_its_site() {
    let ((teller, _), clock) = (listener(), ManualClock::new());
    let group = group(&teller);
    let circuit = group.circuit("weather");
    assert_eq!((circuit.state, circuit.open_keys), (BreakerState::Closed, Some(0)));
    open(&group, "a", &clock);
    let circuit = group.circuit("weather");
    assert_eq!((circuit.state, circuit.open_keys), (BreakerState::Open, Some(1)));
    group.reset(clock.now());
    assert_eq!(group.circuit("weather").state, BreakerState::Closed);
}

#[test]
fn as_many_keys_find_room_as_there_may_be() {
    for max_keys in [1, 7, 63, 64, 65, 200, 1024, 5000] {
        let keyed = Keyed::new(max_keys);
        let room: usize = keyed.shards.iter().map(|shard| shard.slots.len()).sum();
        assert_eq!(room, usize::try_from(max_keys).unwrap());
    }
}

#[test]
fn sites_that_the_linker_does_not_know_have_breakers_of_their_own_while_there_are_few() {
    static ONE: Site = site("one");
    static OTHER: Site = site("other");
    static PLAIN: CircuitBreaker = CircuitBreaker::new();
    let ((teller, _), clock) = (listener(), ManualClock::new());
    let breakers = Breakers::new(&(Arc::new(clock) as Arc<dyn Clock>), &teller);
    let of = |site| breakers.of(site, &PLAIN, None).breaker();
    assert!(std::ptr::eq(of(&ONE), of(&ONE)));
    assert!(!std::ptr::eq(of(&ONE), of(&OTHER)));
    let many: Vec<_> = (0..100).map(|_| &*Box::leak(Box::new(site("many")))).collect();
    for site in many {
        of(site);
    }
    assert!(!std::ptr::eq(of(&ONE), of(&OTHER)));
}

#[test]
fn threads_that_call_by_many_keys_never_find_more_than_there_is_room_for() {
    let ((teller, _), clock) = (listener(), ManualClock::new());
    let group = group(&teller);
    std::thread::scope(|scope| {
        for thread in 0..4_u64 {
            let (group, clock) = (&group, &clock);
            scope.spawn(move || {
                for call in 0..2000_u64 {
                    let found = group.of(&Key::from((call * 7 + thread) % 50), clock);
                    if let Ok(permit) = found.breaker().acquire(clock) {
                        permit.finish(Verdict::Success, None);
                    }
                }
            });
        }
    });
    assert_eq!(group.slots().count(), 3);
    clock.advance(Duration::from_secs(1));
    assert!(group.slots().all(|slot| slot.state() == BreakerState::Closed));
}
