//! What is answered without asking, and what the store is asked.

use super::super::super::engine::{Standing, Verdict};
use super::super::super::policy::Rate;
use super::super::super::store::{Ask, Ruling};
use super::super::{How, Limits, Settled};
use super::fake::{FIVE_A_MINUTE, HUNDRED_A_MINUTE, House, MINUTE, SECOND, ask, charged, is_admitted};
use crate::core::{Clock, Moment};

/// A key that has spent all it had, as this process knows.
fn refused(house: &House, process: &Limits, ask: &Ask<'_>) {
    assert_eq!(house.take_all(process, ask, 6), 5);
}

fn standing(settled: &Settled, place: usize, rate: &Rate, house: &House) -> Standing {
    settled.rulings[place].standing(rate, house.clock.now())
}

#[test]
fn every_question_that_is_not_known_is_one_call() {
    let house = House::new();
    let (one, another) = (house.process(), house.process());
    let asks = [ask(1, "ada", FIVE_A_MINUTE), ask(2, "ada", HUNDRED_A_MINUTE)];
    for calls in 1..=5 {
        let process = if calls % 2 == 0 { &one } else { &another };
        let settled = house.decide(process, &asks);
        assert!(is_admitted(&settled));
        assert_eq!((settled.how, settled.rulings.len()), (How::Decided, 2));
        assert_eq!(house.store.calls(), calls);
        assert_eq!(u64::from(standing(&settled, 0, &FIVE_A_MINUTE[0], &house).remaining), 5 - calls);
    }
    assert!(!house.take(&one, &asks[0]), "the fleet has had five");
}

#[test]
fn a_flood_of_refusals_for_one_key_hardly_ever_reaches_the_store() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    refused(&house, &process, &ask);
    let before = house.store.calls();
    let mut admitted = 0;
    for _ in 0..60_000 {
        house.clock.advance(SECOND / 1_000);
        admitted += u32::from(house.take(&process, &ask));
    }
    let asked = house.store.calls() - before;
    assert_eq!(admitted, 5, "one whenever it is earned");
    assert!((60..=70).contains(&asked), "{asked} of 60 000: one a second, and the admitted ones");
}

#[test]
fn what_is_known_counts_down_with_the_clock() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    refused(&house, &process, &ask);
    let calls = house.store.calls();
    for passed in [0, 1, 2, 3] {
        let settled = house.decide(&process, std::slice::from_ref(&ask));
        let wait_nanos = 12 * SECOND - passed * SECOND / 4;
        assert_eq!(settled.rulings[0].verdict, Verdict::NotYet { wait_nanos });
        assert_eq!(standing(&settled, 0, &FIVE_A_MINUTE[0], &house).remaining, 0);
        house.clock.advance(SECOND / 4);
    }
    assert_eq!(house.store.calls(), calls);
}

#[test]
fn less_than_what_was_refused_is_asked() {
    let house = House::new();
    let process = house.process();
    let of_cost = |cost| Ask { cost, ..ask(1, "ada", FIVE_A_MINUTE) };
    assert!(house.take(&process, &of_cost(2)));
    assert!(!house.take(&process, &of_cost(4)));
    assert!(!house.take(&process, &of_cost(5)), "and more is refused");
    assert_eq!(house.store.calls(), 2);
    assert!(house.take(&process, &of_cost(3)));
    assert_eq!(house.store.calls(), 3);
}

#[test]
fn what_never_fits_is_not_sent() {
    let house = House::new();
    let process = house.process();
    let never = Ask { cost: 6, ..ask(1, "ada", FIVE_A_MINUTE) };
    let settled = house.decide(&process, &[never.clone(), ask(2, "ada", FIVE_A_MINUTE)]);
    let verdicts: Vec<_> = settled.rulings.iter().map(|ruling| ruling.verdict).collect();
    assert_eq!(verdicts, [Verdict::Never, Verdict::Fits]);
    assert_eq!((house.store.calls(), settled.how), (0, How::Decided));
    let shadow = Ask { shadow: true, ..never };
    let settled = house.decide(&process, &[shadow, ask(2, "ada", FIVE_A_MINUTE)]);
    assert_eq!(settled.rulings[0].verdict, Verdict::Never);
    assert_eq!(house.store.calls(), 1, "the other one was asked");
    assert_eq!(house.store.left(&ask(2, "ada", FIVE_A_MINUTE)), 4);
}

#[test]
fn one_remembered_refusal_refuses_a_whole_question_and_nothing_is_charged() {
    let house = House::new();
    let process = house.process();
    let (spent, fresh) = (ask(1, "ada", FIVE_A_MINUTE), ask(2, "ada", HUNDRED_A_MINUTE));
    assert!(house.take(&process, &fresh));
    refused(&house, &process, &spent);
    let calls = house.store.calls();
    let settled = house.decide(&process, &[fresh.clone(), spent]);
    let fits: Vec<_> = settled.rulings.iter().map(Ruling::fits).collect();
    assert_eq!(fits, [true, false]);
    assert_eq!(standing(&settled, 0, &HUNDRED_A_MINUTE[0], &house).remaining, 99, "as far as it is known");
    assert_eq!((house.store.calls(), house.store.left(&fresh)), (calls, 99));
}

#[test]
fn a_remembered_refusal_in_shadow_mode_stands_aside() {
    let house = House::new();
    let process = house.process();
    let shadow = Ask { shadow: true, ..ask(1, "ada", FIVE_A_MINUTE) };
    let real = ask(2, "ada", HUNDRED_A_MINUTE);
    for request in 0..10 {
        let settled = house.decide(&process, &[shadow.clone(), real.clone()]);
        assert_eq!(settled.rulings[0].fits(), request < 5, "request {request}");
        assert!(settled.rulings[1].fits());
    }
    assert_eq!(house.store.left(&real), 90);
    let calls = house.store.calls();
    house.take_all(&process, &shadow, 100);
    assert_eq!(house.store.calls(), calls, "alone it is not asked");
}

#[test]
fn a_reset_or_permits_that_come_back_end_what_is_remembered() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    let asks = std::slice::from_ref(&ask);
    refused(&house, &process, &ask);
    house.runtime.block_on(process.reset(asks)).unwrap();
    refused(&house, &process, &ask);
    let now = house.clock.now();
    house.runtime.block_on(process.give_back(asks, How::Decided, &charged(now, MINUTE), now)).unwrap();
    assert_eq!(house.take_all(&process, &ask, 3), 1);
}

#[test]
fn what_a_fleet_reads_is_what_the_store_says() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    house.store.spend_elsewhere(&ask, 2);
    let read = |process: &Limits| {
        house.runtime.block_on(process.read(std::slice::from_ref(&ask), house.clock.now()))
    };
    let reading = read(&process);
    assert_eq!((reading.standings[0].remaining, reading.how), (3, How::Decided));
    assert!(house.take(&process, &ask));
    house.store.set_away(true);
    let reading = read(&process);
    assert_eq!((reading.standings[0].remaining, reading.how), (2, How::Locally));
}

#[test]
fn without_a_shared_store_memory_does_everything() {
    let limits = Limits::new(1_000);
    assert!(limits.memory().is_some() && limits.store() == "memory");
    let now = Moment::from_nanos(MINUTE);
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    let asks = std::slice::from_ref(&ask);
    let runtime = super::fake::runtime();
    let take = || is_admitted(&runtime.block_on(limits.decide(asks, now)));
    let left = || runtime.block_on(limits.read(asks, now)).standings[0].remaining;
    assert!((0..5).all(|_| take()) && !take());
    runtime.block_on(limits.give_back(asks, How::Decided, &charged(now, MINUTE), now)).unwrap();
    assert_eq!(left(), 1);
    runtime.block_on(limits.reset(asks)).unwrap();
    assert_eq!(left(), 5);
}

#[test]
fn no_question_has_no_answer() {
    let house = House::new();
    let settled = house.decide(&house.process(), &[]);
    assert!(settled.rulings.is_empty() && house.store.calls() == 0);
}

#[test]
fn a_decision_may_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let house = House::new();
    let process = house.process();
    drop(is_send(process.decide(&[], Moment::ORIGIN)));
    drop(is_send(process.reset(&[])));
    drop(is_send(process.read(&[], Moment::ORIGIN)));
    drop(is_send(process.give_back(&[], How::Decided, &[], Moment::ORIGIN)));
}
