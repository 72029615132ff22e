//! Permits in blocks: who asks, who waits, what comes back.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::task::{Context, Poll, Waker};
use std::thread;

use super::super::super::engine::Verdict;
use super::super::super::policy::{OnStoreError, Rate};
use super::super::super::store::{Ask, Ruling};
use super::super::{How, Limits, Settled};
use super::fake::{
    FIVE_A_MINUTE, HUNDRED_A_MINUTE, House, SECOND, ask, charged, is_admitted, leased, runtime,
};
use crate::backend::{SystemClock, within};
use crate::core::Clock;

const THOUSAND_A_SECOND: &[Rate] = &[Rate::new("default", 1_000, SECOND)];

type Deciding<'a> = Pin<Box<dyn Future<Output = Settled> + Send + 'a>>;

/// A request that is polled once, in the runtime whose tasks it starts.
fn begin<'a>(house: &House, process: &'a Limits, asks: &'a [Ask<'a>]) -> Deciding<'a> {
    let mut deciding: Deciding<'a> = Box::pin(process.decide(asks, house.clock.now()));
    assert!(poll(house, &mut deciding).is_pending());
    deciding
}

fn poll(house: &House, deciding: &mut Deciding<'_>) -> Poll<Settled> {
    let _entered = house.runtime.enter();
    deciding.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn ended(house: &House, deciding: &mut Deciding<'_>) -> Settled {
    match poll(house, deciding) {
        Poll::Ready(settled) => settled,
        Poll::Pending => panic!("it still waits"),
    }
}

fn flights(process: &Limits) -> usize {
    match process {
        Limits::Fleet(fleet) => fleet.0.flights.len(),
        Limits::Memory(_) => 0,
    }
}

#[test]
fn a_block_is_asked_for_once_and_spent_here() {
    let house = House::new();
    let process = house.process();
    let ask = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    for request in 1..=30 {
        let settled = house.decide(&process, std::slice::from_ref(&ask));
        assert!(is_admitted(&settled) && settled.how == How::Decided);
        let standing = settled.rulings[0].standing(&HUNDRED_A_MINUTE[0], house.clock.now());
        assert_eq!(standing.remaining, 100 - request, "what the reply said less what was spent since");
        assert_eq!(house.store.calls(), u64::from(request).div_ceil(10));
    }
}

#[test]
fn the_last_block_is_as_large_as_what_is_left_and_then_this_very_cost_is_refused() {
    let house = House::new();
    let process = house.process();
    let ask = leased(1, "ada", FIVE_A_MINUTE, 4);
    assert_eq!(house.take_all(&process, &ask, 5), 5);
    assert_eq!(house.store.calls(), 2, "four, and the one that was left");
    let settled = house.decide(&process, std::slice::from_ref(&ask));
    assert_eq!(settled.rulings[0].verdict, Verdict::NotYet { wait_nanos: 12 * SECOND });
    assert_eq!(house.take_all(&process, &ask, 100), 0);
    assert_eq!(house.store.calls(), 3, "and that is remembered");
}

#[test]
fn what_is_left_of_a_block_is_lost_when_it_expires() {
    let house = House::new();
    let process = house.process();
    let ask = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    assert!(house.take(&process, &ask));
    house.clock.advance(6 * SECOND - 1);
    assert!(house.take(&process, &ask));
    assert_eq!(house.store.calls(), 1, "a block of ten lives for six seconds");
    house.clock.advance(1);
    assert!(house.take(&process, &ask));
    assert_eq!((house.store.calls(), house.store.left(&ask)), (2, 90), "ten were earned and ten charged");
}

#[test]
fn requests_that_need_more_than_half_a_block_ask_for_themselves() {
    let house = House::new();
    let process = house.process();
    let of_cost = |cost| Ask { cost, ..leased(1, "ada", HUNDRED_A_MINUTE, 10) };
    assert!(house.take(&process, &of_cost(6)));
    assert_eq!(house.store.left(&of_cost(1)), 94);
    assert!(house.take(&process, &of_cost(5)) && house.take(&process, &of_cost(5)));
    assert_eq!((house.store.calls(), house.store.left(&of_cost(1))), (2, 84));
    assert!(house.take(&process, &of_cost(4)) && house.take(&process, &of_cost(6)));
    assert_eq!(house.store.calls(), 3, "out of a block that has as many");
}

#[test]
fn a_process_never_holds_more_than_a_block() {
    let house = House::new();
    let process = house.process();
    let ask = Ask { cost: 4, ..leased(1, "ada", HUNDRED_A_MINUTE, 10) };
    assert_eq!(house.take_all(&process, &ask, 3), 3);
    assert_eq!((house.store.calls(), house.store.left(&ask)), (2, 82), "ten, and the eight that it lacked");
    assert_eq!(house.take_all(&process, &Ask { cost: 1, ..ask }, 6), 6);
    assert_eq!(house.store.calls(), 2);
}

#[test]
fn what_comes_back_while_a_block_is_on_its_way_is_not_held_besides_it() {
    let house = House::new();
    let process = house.process();
    let block = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    let asks = [block.clone(), ask(2, "ada", HUNDRED_A_MINUTE)];
    assert!(house.take(&process, &block));
    house.store.hold(true);
    let reserved: Vec<_> = (0..9).map(|_| begin(&house, &process, &asks)).collect();
    let mut first = begin(&house, &process, &asks[..1]);
    house.run_tasks();
    drop(reserved);
    let mut second = begin(&house, &process, &asks[..1]);
    house.store.release(9);
    house.run_tasks();
    assert!(is_admitted(&ended(&house, &mut first)) && is_admitted(&ended(&house, &mut second)));
    assert_eq!(house.take_all(&process, &block, 8), 8);
    assert_eq!(house.store.calls(), 11, "two blocks, and nine questions that nobody waited for");
}

#[test]
fn what_comes_back_is_there_for_others_although_the_store_has_refused_them() {
    let house = House::new();
    let process = house.process();
    let block = leased(1, "ada", FIVE_A_MINUTE, 6);
    let asks = [block.clone(), ask(2, "ada", HUNDRED_A_MINUTE)];
    assert!(house.take(&process, &block));
    house.store.hold(true);
    let reserved: Vec<_> = (0..4).map(|_| begin(&house, &process, &asks)).collect();
    house.store.hold(false);
    assert!(!house.take(&process, &block));
    drop(reserved);
    assert_eq!(house.take_all(&process, &block, 9), 4);
}

#[test]
fn one_asks_and_all_others_wait_for_it() {
    let house = House::new();
    let process = house.process();
    let ask = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    let asks = std::slice::from_ref(&ask);
    house.store.hold(true);
    let mut waiting: Vec<_> = (0..15).map(|_| begin(&house, &process, asks)).collect();
    house.run_tasks();
    assert_eq!((house.store.calls(), house.store.held(), flights(&process)), (1, 1, 1));
    house.store.release(0);
    house.run_tasks();
    waiting.retain_mut(|deciding| poll(&house, deciding).is_pending());
    assert_eq!(waiting.len(), 5, "ten had a permit");
    house.run_tasks();
    assert_eq!(house.store.calls(), 2, "one of the others asks again");
    house.store.release(0);
    house.run_tasks();
    assert!(waiting.iter_mut().all(|deciding| is_admitted(&ended(&house, deciding))));
    assert_eq!(flights(&process), 0);
}

#[test]
fn whoever_goes_away_neither_loses_the_block_nor_strands_the_others() {
    let house = House::new();
    let process = house.process();
    let ask = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    let asks = std::slice::from_ref(&ask);
    house.store.hold(true);
    let leader = begin(&house, &process, asks);
    house.run_tasks();
    let mut follower = begin(&house, &process, asks);
    let impatient = begin(&house, &process, asks);
    drop((leader, impatient));
    house.store.release(0);
    house.run_tasks();
    assert!(is_admitted(&ended(&house, &mut follower)));
    assert_eq!(house.take_all(&process, &ask, 9), 9, "nobody has spent the other nine");
    assert_eq!(house.store.calls(), 1);
}

#[test]
fn everybody_who_waited_learns_that_the_store_is_away() {
    let house = House::new();
    let process = house.process();
    let of = |on_store_error| Ask { on_store_error, ..leased(1, "ada", HUNDRED_A_MINUTE, 10) };
    let (local, open, closed) = (of(OnStoreError::Local), of(OnStoreError::Open), of(OnStoreError::Closed));
    house.store.set_away(true);
    let mut waiting: Vec<_> =
        [&local, &open, &closed].map(|ask| begin(&house, &process, std::slice::from_ref(ask))).into();
    house.run_tasks();
    let hows: Vec<_> = waiting.iter_mut().map(|deciding| ended(&house, deciding).how).collect();
    assert_eq!(hows, [How::Locally, How::Undecided, How::Closed]);
    assert_eq!(house.store.calls(), 1);
    assert_eq!(flights(&process), 0);
}

#[test]
fn a_runtime_that_ends_strands_nobody() {
    let house = House::new();
    let process = house.process();
    let ask = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    let asks = std::slice::from_ref(&ask);
    house.store.hold(true);
    let other = runtime();
    let mut waiting: Deciding<'_> = Box::pin(process.decide(asks, house.clock.now()));
    let mut cx = Context::from_waker(Waker::noop());
    {
        let _entered = other.enter();
        assert!(waiting.as_mut().poll(&mut cx).is_pending());
    }
    drop(other);
    let Poll::Ready(settled) = waiting.as_mut().poll(&mut cx) else { panic!("it still waits") };
    assert_eq!((settled.how, flights(&process)), (How::Locally, 0));
    house.store.hold(false);
    assert!(house.take(&process, &ask));
}

#[test]
fn a_runtime_that_nobody_drives_holds_nobody_up() {
    let house = House::new();
    let clock = Arc::new(SystemClock::new());
    let process = Limits::shared(10_000, Arc::clone(&clock) as _, Arc::clone(&house.store) as _);
    let ask = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    let asks = std::slice::from_ref(&ask);
    let driven = runtime();
    // It leads the question, and does not go on.
    let leader = begin(&house, &process, asks);
    let decide = || {
        driven.block_on(async {
            let patience = clock.now().saturating_add_nanos(20 * SECOND);
            within(&*clock, patience, process.decide(asks, clock.now()))
                .await
                .expect("it waits for the other")
        })
    };
    assert_eq!(decide().how, How::Locally, "in time, and not for the other runtime");
    assert_eq!(flights(&process), 0);
    assert_eq!((decide().how, house.store.calls()), (How::Decided, 1), "and then it asks for itself");
    house.run_tasks();
    assert_eq!((decide().how, flights(&process)), (How::Decided, 0), "whenever the first question ends");
    drop(leader);
}

#[test]
fn where_no_task_can_be_started_everybody_asks_for_itself() {
    let house = House::new();
    let process = house.process();
    let ask = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    let mut deciding: Deciding<'_> = Box::pin(process.decide(std::slice::from_ref(&ask), house.clock.now()));
    let polled = deciding.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(polled, Poll::Ready(settled) if is_admitted(&settled)));
    assert_eq!(house.store.left(&ask), 99);
}

#[test]
fn what_was_reserved_goes_back_where_another_limit_refuses() {
    let house = House::new();
    let process = house.process();
    let (block, exact) = (leased(1, "ada", HUNDRED_A_MINUTE, 10), ask(2, "ada", FIVE_A_MINUTE));
    let asks = [block.clone(), exact.clone()];
    house.store.spend_elsewhere(&exact, 3);
    let admitted = (0..20).filter(|_| is_admitted(&house.decide(&process, &asks))).count();
    assert_eq!(admitted, 2);
    assert_eq!(house.store.calls(), 4, "a block, and three about the other limit");
    assert_eq!(house.take_all(&process, &block, 8), 8);
    assert_eq!(house.store.calls(), 4, "the refused ones took nothing out of the block");
}

#[test]
fn what_was_reserved_goes_back_where_the_caller_goes_away_or_the_store_does() {
    let house = House::new();
    let process = house.process();
    let on_store_error = OnStoreError::Closed;
    let block = Ask { on_store_error, ..leased(1, "ada", HUNDRED_A_MINUTE, 10) };
    let asks = [block.clone(), Ask { on_store_error, ..ask(2, "ada", FIVE_A_MINUTE) }];
    assert!(house.take(&process, &block));
    house.store.hold(true);
    for _ in 0..3 {
        drop(begin(&house, &process, &asks));
    }
    house.store.set_away(true);
    assert_eq!(house.decide(&process, &asks).how, How::Closed);
    assert_eq!(house.take_all(&process, &block, 20), 9);
}

#[test]
fn a_block_lasts_while_the_store_is_away_and_no_longer() {
    let house = House::new();
    let process = house.process();
    let block = Ask { on_store_error: OnStoreError::Closed, ..leased(1, "ada", HUNDRED_A_MINUTE, 10) };
    assert!(house.take(&process, &block));
    house.store.set_away(true);
    assert_eq!(house.take_all(&process, &block, 20), 9);
}

#[test]
fn memory_counts_what_was_spent_out_of_blocks() {
    let house = House::new();
    let process = house.process();
    let block = leased(1, "ada", FIVE_A_MINUTE, 4);
    assert_eq!(house.take_all(&process, &block, 2), 2);
    house.store.set_away(true);
    assert_eq!(house.take_all(&process, &block, 9), 3, "two out of the block, and one that memory knows of");
}

#[test]
fn a_limit_in_shadow_mode_takes_blocks_and_refuses_nobody() {
    let house = House::new();
    let process = house.process();
    let shadow = Ask { shadow: true, ..leased(1, "ada", FIVE_A_MINUTE, 4) };
    let real = ask(2, "ada", HUNDRED_A_MINUTE);
    let asks = [shadow, real.clone()];
    let fits = (0..20).map(|_| house.decide(&process, &asks).rulings);
    let fits: Vec<_> = fits.map(|rulings| rulings.iter().map(Ruling::fits).collect::<Vec<_>>()).collect();
    assert!(fits.iter().all(|fits| fits[1]));
    assert_eq!(fits.iter().filter(|fits| fits[0]).count(), 5);
    assert_eq!(house.store.left(&real), 80);
}

#[test]
fn permits_that_come_back_join_their_block_or_go_to_the_store() {
    let house = House::new();
    let process = house.process();
    let block = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    let asks = std::slice::from_ref(&block);
    house.store.spend_elsewhere(&block, 50);
    let charges = charged(house.clock.now(), 36 * SECOND);
    assert_eq!(house.take_all(&process, &block, 10), 10);
    let calls = house.store.calls();
    let give_back = || {
        let now = house.clock.now();
        house.runtime.block_on(process.give_back(asks, How::Decided, &charges, now)).unwrap();
    };
    give_back();
    assert!(house.take(&process, &block));
    assert_eq!((calls, house.store.calls()), (1, 1));
    house.clock.advance(7 * SECOND);
    let left = house.store.left(&block);
    give_back();
    assert_eq!(house.store.calls(), 2, "the block is gone");
    assert_eq!(house.store.left(&block), left + 1);
}

#[test]
fn a_reset_takes_the_block_along() {
    let house = House::new();
    let process = house.process();
    let block = leased(1, "ada", HUNDRED_A_MINUTE, 10);
    let asks = std::slice::from_ref(&block);
    assert_eq!(house.take_all(&process, &block, 5), 5);
    house.runtime.block_on(process.reset(asks)).unwrap();
    let settled = house.decide(&process, asks);
    assert_eq!(house.store.calls(), 3);
    let standing = settled.rulings[0].standing(&HUNDRED_A_MINUTE[0], house.clock.now());
    assert_eq!(standing.remaining, 99);
    let reading = house.runtime.block_on(process.read(asks, house.clock.now()));
    assert_eq!(reading.standings[0].remaining, 99, "what is left of the block counts");
}

#[test]
fn threads_that_share_a_process_get_what_there_is_and_no_more() {
    const THREADS: usize = 4;
    const REQUESTS: usize = 1_000;
    let house = House::new();
    let processes = [house.process(), house.process()];
    let block = leased(1, "ada", THOUSAND_A_SECOND, 64);
    let (admitted, barrier) = (AtomicUsize::new(0), Barrier::new(THREADS));
    thread::scope(|scope| {
        for thread in 0..THREADS {
            let (house, block, admitted, barrier) = (&house, &block, &admitted, &barrier);
            let process = &processes[thread % 2];
            scope.spawn(move || {
                barrier.wait();
                runtime().block_on(async {
                    for _ in 0..REQUESTS {
                        let settled = process.decide(std::slice::from_ref(block), house.clock.now()).await;
                        assert_eq!(settled.how, How::Decided);
                        admitted.fetch_add(usize::from(is_admitted(&settled)), Ordering::Relaxed);
                    }
                });
            });
        }
    });
    assert_eq!(admitted.into_inner(), 1_000, "four thousand asked, and no time has passed");
    let calls = house.store.calls();
    assert!(calls <= 60, "{calls} calls: sixteen blocks, and what was refused");
}
