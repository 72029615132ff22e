//! The store away, back, back without its memory, slow, and callers that do not wait for it.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::super::super::engine::Verdict;
use super::super::super::policy::{Algorithm, OnStoreError};
use super::super::super::store::Ask;
use super::super::How;
use super::fake::{FIVE_A_MINUTE, HUNDRED_A_MINUTE, House, MINUTE, SECOND, ask, charged, is_admitted};
use crate::core::Clock;

fn poll<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn an_outage_hands_out_no_fresh_budgets() {
    use Algorithm::{FixedWindow, Gcra, SlidingLog, SlidingWindow, TokenBucket};
    for algorithm in [Gcra, TokenBucket, SlidingWindow, SlidingLog, FixedWindow] {
        let house = House::new();
        let process = house.process();
        let of = |key| Ask { algorithm, ..ask(1, key, FIVE_A_MINUTE) };
        let (known, refused, new) = (of("ada"), of("bob"), of("cy"));
        house.store.spend_elsewhere(&known, 2);
        assert!(house.take(&process, &known));
        house.store.spend_elsewhere(&refused, 5);
        assert!(!house.take(&process, &refused), "it was only ever refused here");
        house.store.set_away(true);
        house.clock.advance(2 * SECOND);
        assert_eq!(house.take_all(&process, &known, 10), 2, "{algorithm:?}");
        assert_eq!(house.take_all(&process, &refused, 10), 0, "{algorithm:?}");
        assert_eq!(house.take_all(&process, &new, 10), 5, "{algorithm:?}");
        let settled = house.decide(&process, std::slice::from_ref(&new));
        assert_eq!(settled.how, How::Locally);
        assert!(matches!(settled.rulings[0].verdict, Verdict::NotYet { .. }));
    }
}

#[test]
fn each_limit_says_what_holds_while_the_store_is_away() {
    use OnStoreError::{Closed, Local, Open};
    let of = |scope, on_store_error, shadow| Ask {
        shadow,
        on_store_error,
        ..ask(scope, "ada", if scope == 1 { FIVE_A_MINUTE } else { HUNDRED_A_MINUTE })
    };
    let cases = [
        (vec![of(1, Local, false)], How::Locally, 5),
        (vec![of(1, Open, false)], How::Undecided, 9),
        (vec![of(1, Closed, false)], How::Closed, 0),
        (vec![of(1, Local, false), of(2, Open, false)], How::Locally, 5),
        (vec![of(1, Open, false), of(2, Local, false)], How::Locally, 9),
        (vec![of(1, Local, false), of(2, Closed, false)], How::Closed, 0),
        (vec![of(1, Open, false), of(2, Closed, true)], How::Undecided, 9),
        (vec![of(1, Local, true), of(2, Open, false)], How::Locally, 9),
    ];
    for (asks, how, admitted) in cases {
        let house = House::new();
        let process = house.process();
        house.store.set_away(true);
        let passes = (0..9)
            .filter(|_| {
                let settled = house.decide(&process, &asks);
                assert_eq!(settled.how, how, "{asks:?}");
                assert_eq!(settled.rulings.len(), asks.len(), "{asks:?}");
                let mut real = asks.iter().zip(&settled.rulings).filter(|(ask, _)| !ask.shadow);
                how != How::Closed && real.all(|(_, ruling)| ruling.fits())
            })
            .count();
        assert_eq!(passes, admitted, "{asks:?}");
    }
}

#[test]
fn a_closed_limit_charges_nobody() {
    let house = House::new();
    let process = house.process();
    let local = ask(1, "ada", FIVE_A_MINUTE);
    let closed = Ask { on_store_error: OnStoreError::Closed, ..ask(2, "ada", FIVE_A_MINUTE) };
    house.store.set_away(true);
    for _ in 0..10 {
        assert_eq!(house.decide(&process, &[local.clone(), closed.clone()]).how, How::Closed);
    }
    assert_eq!(house.take_all(&process, &local, 10), 5);
}

#[test]
fn what_was_admitted_locally_is_not_counted_in_the_store_later() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    assert_eq!(house.take_all(&process, &ask, 2), 2);
    house.store.set_away(true);
    assert_eq!(house.take_all(&process, &ask, 9), 3, "the rest of what was known");
    house.store.set_away(false);
    assert_eq!(house.store.left(&ask), 3);
    let settled = house.decide(&process, std::slice::from_ref(&ask));
    assert!(is_admitted(&settled) && settled.how == How::Decided, "the store's own state rules");
    assert_eq!(house.store.left(&ask), 2);
    assert_eq!(house.take_all(&process, &ask, 9), 2);
}

#[test]
fn a_store_that_comes_back_empty_rules_by_what_it_knows() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    assert_eq!(house.take_all(&process, &ask, 9), 5);
    house.store.set_away(true);
    house.clock.advance(2 * SECOND);
    assert!(!house.take(&process, &ask));
    house.store.come_back_empty();
    assert_eq!(house.take_all(&process, &ask, 9), 5);
    house.store.set_away(true);
    house.clock.advance(2 * SECOND);
    assert!(!house.take(&process, &ask), "and memory knows that");
}

#[test]
fn a_reply_that_does_not_answer_the_question_counts_as_none() {
    let house = House::new();
    let process = house.process();
    house.store.talk_nonsense();
    let settled = house.decide(&process, &[ask(1, "ada", FIVE_A_MINUTE)]);
    assert_eq!((settled.how, process.store()), (How::Locally, "fake"));
}

#[test]
fn replies_that_overtake_each_other_make_memory_no_laxer() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    let asks = std::slice::from_ref(&ask);
    house.store.hold(true);
    {
        let mut first = pin!(process.decide(asks, house.clock.now()));
        let mut second = pin!(process.decide(asks, house.clock.now()));
        assert!(poll(first.as_mut()).is_pending() && poll(second.as_mut()).is_pending());
        house.store.release(1);
        assert!(poll(second.as_mut()).is_ready() && poll(first.as_mut()).is_pending());
        house.store.release(0);
        assert!(poll(first.as_mut()).is_ready());
    }
    house.store.set_away(true);
    assert_eq!(house.take_all(&process, &ask, 9), 3);
}

#[test]
fn a_refusal_from_before_a_reset_is_not_remembered_after_it() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    let asks = std::slice::from_ref(&ask);
    house.store.spend_elsewhere(&ask, 5);
    house.store.hold(true);
    let mut slow = pin!(process.decide(asks, house.clock.now()));
    assert!(poll(slow.as_mut()).is_pending());
    house.store.hold(false);
    house.runtime.block_on(process.reset(asks)).unwrap();
    house.store.release(0);
    let Poll::Ready(settled) = poll(slow.as_mut()) else { panic!("the reply was sent") };
    assert!(!is_admitted(&settled));
    assert!(house.take(&process, &ask));
}

#[test]
fn whoever_does_not_wait_leaves_nothing_behind_but_what_the_store_charged() {
    let house = House::new();
    let process = house.process();
    let (one, other) = (ask(1, "ada", FIVE_A_MINUTE), ask(2, "ada", HUNDRED_A_MINUTE));
    house.store.hold(true);
    for _ in 0..3 {
        let asks = [one.clone(), other.clone()];
        let mut decision = pin!(process.decide(&asks, house.clock.now()));
        assert!(poll(decision.as_mut()).is_pending());
    }
    drop(process.decide(std::slice::from_ref(&one), house.clock.now()));
    house.store.hold(false);
    assert_eq!(house.store.left(&one), 2, "permits may be lost");
    assert_eq!(house.take_all(&process, &one, 9), 2, "and none is granted twice");
}

#[test]
fn whoever_does_not_wait_for_a_reset_has_this_process_forget_all_the_same() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    let asks = std::slice::from_ref(&ask);
    assert_eq!(house.take_all(&process, &ask, 6), 5);
    house.store.hold(true);
    {
        let mut reset = pin!(process.reset(asks));
        assert!(poll(reset.as_mut()).is_pending());
    }
    house.store.hold(false);
    assert!(house.take(&process, &ask));
}

#[test]
fn permits_of_a_local_decision_go_back_to_memory_alone() {
    let house = House::new();
    let process = house.process();
    let ask = ask(1, "ada", FIVE_A_MINUTE);
    let asks = std::slice::from_ref(&ask);
    let now = house.clock.now();
    house.store.set_away(true);
    assert_eq!(house.take_all(&process, &ask, 9), 5);
    let charges = charged(now, MINUTE);
    house.runtime.block_on(process.give_back(asks, How::Locally, &charges, now)).unwrap();
    assert_eq!(house.take_all(&process, &ask, 9), 1);
    let calls = house.store.calls();
    for how in [How::Locally, How::Undecided, How::Closed] {
        house.runtime.block_on(process.give_back(asks, how, &charges, now)).unwrap();
    }
    assert_eq!(house.store.calls(), calls);
    assert!(house.runtime.block_on(process.give_back(asks, How::Decided, &charges, now)).is_err());
}
