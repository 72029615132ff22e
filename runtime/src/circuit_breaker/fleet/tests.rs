//! Processes beside a store that can be away.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::super::contract::fake::{Fake, Server};
use super::*;
use crate::testing::ManualClock;

const SECOND: Duration = Duration::from_secs(1);
const OPEN: Duration = Duration::from_secs(30);

/// The breakers of a process, which note what becomes of them.
#[derive(Debug, Default)]
struct Notes {
    opened: Mutex<Vec<(Called, Moment)>>,
    forced: Mutex<Vec<(Called, Forced)>>,
}

impl Locals for Notes {
    fn pre_open(&self, called: &Called, until: Moment) {
        self.opened.lock().unwrap().push((called.clone(), until));
    }

    fn force(&self, called: &Called, forced: Forced) {
        self.forced.lock().unwrap().push((called.clone(), forced));
    }

    fn names(&self) -> Vec<Called> {
        vec![name()]
    }
}

struct Process {
    fleet: Arc<Fleet>,
    notes: Arc<Notes>,
}

struct Kit {
    server: Arc<Server>,
    clock: ManualClock,
}

impl Kit {
    fn new() -> Self {
        Self { server: Arc::default(), clock: ManualClock::new() }
    }

    fn process(&self, hints: u32) -> Process {
        let notes = Arc::new(Notes::default());
        let (remote, clock) = (Fake::new(&self.server, &self.clock), Arc::new(self.clock.clone()));
        let fleet = Fleet::new(remote, Arc::clone(&notes) as _, clock, NonZeroU32::new(hints));
        Process { fleet, notes }
    }

    fn in_a_while(&self) -> Moment {
        self.clock.now().saturating_add(OPEN)
    }
}

impl Process {
    fn opened(&self) -> Vec<(Called, Moment)> {
        self.notes.opened.lock().unwrap().clone()
    }

    fn forced(&self) -> Vec<Forced> {
        self.notes.forced.lock().unwrap().iter().map(|(_, forced)| *forced).collect()
    }

    async fn force(&self, forced: Forced) -> Result<(), Unavailable> {
        self.fleet.force(&name(), forced).await
    }
}

fn name() -> Called {
    Called::site("weather", None)
}

/// Lets everything that waits for nothing go on.
async fn settle() {
    for _ in 0..256 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_opens_in_one_process_opens_in_the_others_for_as_long_as_it_is_open_there() {
    let kit = Kit::new();
    let [one, other] = [kit.process(1), kit.process(1)];
    kit.clock.advance(SECOND);
    let until = kit.in_a_while();
    one.fleet.tell(&name(), News::Opened(until));
    settle().await;
    assert_eq!(other.opened(), [(name(), until)]);
    assert_eq!(one.opened(), [], "its own news are none to it");
}

#[tokio::test]
async fn it_opens_when_it_is_open_in_as_many_others_as_it_takes_and_until_the_first_of_them_ends() {
    let kit = Kit::new();
    let [one, two, three] = [kit.process(2), kit.process(2), kit.process(2)];
    one.fleet.tell(&name(), News::Opened(kit.in_a_while()));
    settle().await;
    assert_eq!([two.opened(), three.opened()], [[], []]);
    let first_end = kit.clock.now().saturating_add(OPEN / 2);
    two.fleet.tell(&name(), News::Opened(first_end));
    settle().await;
    assert_eq!([one.opened(), two.opened()], [[], []], "one other is not two others");
    assert_eq!(three.opened(), [(name(), first_end)]);
}

#[tokio::test]
async fn what_has_closed_again_or_has_ended_counts_no_more() {
    let kit = Kit::new();
    let [one, two, three] = [kit.process(2), kit.process(2), kit.process(2)];
    one.fleet.tell(&name(), News::Opened(kit.in_a_while()));
    settle().await;
    one.fleet.tell(&name(), News::Closed);
    settle().await;
    two.fleet.tell(&name(), News::Opened(kit.in_a_while()));
    settle().await;
    assert_eq!(three.opened(), []);
    kit.clock.advance(OPEN);
    one.fleet.tell(&name(), News::Opened(kit.in_a_while()));
    settle().await;
    assert_eq!(three.opened(), []);
}

#[tokio::test]
async fn without_hints_nothing_is_told_and_nothing_is_opened() {
    let kit = Kit::new();
    let [silent, other] = [kit.process(0), kit.process(1)];
    settle().await;
    let calls = kit.server.calls.load(Ordering::SeqCst);
    silent.fleet.tell(&name(), News::Opened(kit.in_a_while()));
    settle().await;
    assert_eq!(kit.server.calls.load(Ordering::SeqCst), calls);
    other.fleet.tell(&name(), News::Opened(kit.in_a_while()));
    settle().await;
    assert_eq!(silent.opened(), []);
}

#[tokio::test]
async fn news_wait_for_a_store_that_is_away_and_only_the_latest_are_told() {
    let kit = Kit::new();
    let [one, other] = [kit.process(1), kit.process(1)];
    settle().await;
    kit.server.set_away(true);
    for seconds in 1..=3 {
        one.fleet.tell(&name(), News::Opened(kit.in_a_while().saturating_add(SECOND * seconds)));
        settle().await;
    }
    kit.clock.advance(SECOND);
    settle().await;
    assert_eq!(other.opened(), []);
    kit.server.set_away(false);
    kit.clock.advance(SECOND);
    settle().await;
    let until = Moment::ORIGIN.saturating_add(OPEN + SECOND * 3);
    assert!(other.opened().iter().all(|(_, seen)| *seen == until) && !other.opened().is_empty());
}

#[tokio::test]
async fn news_that_have_become_old_meanwhile_are_not_told() {
    let kit = Kit::new();
    let [one, other] = [kit.process(1), kit.process(1)];
    settle().await;
    kit.server.set_away(true);
    one.fleet.tell(&name(), News::Opened(kit.in_a_while()));
    settle().await;
    kit.clock.advance(OPEN);
    kit.server.set_away(false);
    settle().await;
    assert_eq!(other.opened(), []);
}

#[tokio::test]
async fn who_starts_late_or_missed_a_message_asks_where_it_is_open() {
    let kit = Kit::new();
    let one = kit.process(1);
    let until = kit.in_a_while();
    one.fleet.tell(&name(), News::Opened(until));
    settle().await;
    let late = kit.process(1);
    settle().await;
    assert_eq!(late.opened(), [(name(), until)]);
}

#[tokio::test]
async fn an_order_holds_everywhere_and_where_a_process_starts_later() {
    let kit = Kit::new();
    let [one, other] = [kit.process(0), kit.process(0)];
    settle().await;
    one.force(Forced::Open).await.unwrap();
    assert_eq!([one.forced(), other.forced()], [[Forced::Open], [Forced::Open]], "once, and at once");
    let late = kit.process(0);
    settle().await;
    assert_eq!(late.forced(), [Forced::Open]);
    let key = Called::site("weather", Some(&crate::core::Key::from("paris")));
    assert_eq!(late.fleet.ordered(&key, &name()), Some(Forced::Open), "what is made later is under orders");
    late.force(Forced::Not).await.unwrap();
    assert_eq!(one.forced(), [Forced::Open, Forced::Not]);
    assert_eq!(kit.process(0).forced(), [], "what was taken back is no news");
}

#[tokio::test]
async fn an_order_that_was_missed_is_found_when_listening_begins_again() {
    let kit = Kit::new();
    let [one, other] = [kit.process(0), kit.process(0)];
    settle().await;
    kit.server.is_mute.store(true, Ordering::SeqCst);
    one.force(Forced::Closed).await.unwrap();
    settle().await;
    assert_eq!(other.forced(), []);
    kit.server.set_away(false);
    settle().await;
    assert_eq!([one.forced(), other.forced()], [[Forced::Closed], [Forced::Closed]]);
}

#[tokio::test]
async fn where_the_store_is_away_nothing_is_ordered() {
    let kit = Kit::new();
    let one = kit.process(0);
    settle().await;
    kit.server.set_away(true);
    assert_eq!(one.force(Forced::Open).await, Err(Unavailable::Unchanged));
    kit.server.set_away(false);
    settle().await;
    assert_eq!(one.forced(), []);
}

#[tokio::test]
async fn a_store_that_lost_its_orders_is_told_them_again_and_a_later_one_wins() {
    let kit = Kit::new();
    let one = kit.process(0);
    settle().await;
    kit.clock.advance(OPEN);
    one.force(Forced::Open).await.unwrap();
    kit.server.forget();
    kit.server.set_away(false);
    settle().await;
    let order = kit.server.order_for(&name()).unwrap();
    assert_eq!(order.forced, Forced::Open);
    one.force(Forced::Not).await.unwrap();
    assert!(kit.server.order_for(&name()).unwrap().stamp > order.stamp);
    assert_eq!(one.forced(), [Forced::Open, Forced::Not]);
}

#[tokio::test]
async fn the_errand_ends_with_its_fleet() {
    let kit = Kit::new();
    let one = kit.process(1);
    settle().await;
    kit.server.set_away(true);
    one.fleet.tell(&name(), News::Closed);
    settle().await;
    let shared = Arc::downgrade(&one.fleet.shared);
    drop(one);
    settle().await;
    assert!(shared.upgrade().is_none());
}
