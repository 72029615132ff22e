//! Two levels: what memory does beside a store that processes share.

use std::any::type_name;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use proptest::prelude::*;
use tokio::sync::Semaphore;

use crate::cache::contract::kit::{Kit, Levels, SECOND, Texts, kept, settle, text_of};
use crate::cache::levels::shared::name_of;
use crate::cache::remote::Heard;
use crate::cache::{Codec, How, Made, Mark, OnCacheError, Terms, Value};

/// Far away.
const LONG: u64 = 10_000 * SECOND;

/// Two processes beside one store, in which everything is fresh for long.
fn two() -> (Kit, Kit) {
    let mut one = Kit::new(Levels::Both);
    one.terms = Terms { fresh: LONG, ..Terms::default() };
    let mut other = Kit::beside(&one.server, &one.clock, Levels::Both);
    other.terms = one.terms;
    // What one says is told apart from what the other says.
    other.runs.store(100, Ordering::SeqCst);
    (one, other)
}

/// What somebody says, once everything in the background is done.
async fn ask(kit: &Kit, key: &str) -> (String, How) {
    let said = kit.ask(key).await;
    settle().await;
    said
}

fn says(text: &str, how: How) -> (String, How) {
    (text.to_owned(), how)
}

#[test]
fn an_entry_has_one_name_in_all_processes_and_no_other_has_it() {
    struct Codecs(u64);
    impl Codec for Codecs {
        fn fingerprint(&self) -> u64 {
            self.0
        }

        fn encode(&self, _: &Value) -> Option<Vec<u8>> {
            None
        }

        fn decode(&self, _: &[u8]) -> Option<(Value, u32)> {
            None
        }
    }
    let kit = Kit::new(Levels::Memory);
    let name = |site, types: &[fn() -> &'static str], codec, local: &[u8], rest: &[u8]| {
        let mut question = kit.question("");
        question.key = [local, rest].concat().into();
        (question.local, question.site, question.types) = (local.len(), site, types.into());
        name_of(&question, &Codecs(codec))
    };
    let types: [fn() -> &'static str; 2] = [type_name::<u8>, type_name::<String>];
    let (mine, last) =
        (name("a::f", &types, 7, b"\x01\0\0\0", b"CDG"), [type_name::<String> as fn() -> _; 1]);
    assert_eq!(mine, name("a::f", &types, 7, b"\x02\0\0\0", b"CDG"), "another number of the site");
    assert_eq!(mine, name("a::f", &types, 7, b"", b"CDG"), "and none at all");
    let others = [
        name("a::g", &types, 7, b"\x01\0\0\0", b"CDG"),
        name("a::f", &types, 8, b"\x01\0\0\0", b"CDG"),
        name("a::f", &types, 7, b"\x01\0\0\0", b"ORY"),
        name("a::f", &types, 7, b"\x01\0\0", b"\0CDG"),
        name("a::f", &[types[1], types[0]], 7, b"\x01\0\0\0", b"CDG"),
        name("a::f", &last, 7, b"\x01\0\0\0", b"CDG"),
        name("a::f", &[], 7, b"\x01\0\0\0", b"CDG"),
        name("a::f", &[], 7, b"", b"u8\xffalloc::string::String\xff\xffCDG"),
    ];
    let all: HashSet<&String> = others.iter().chain([&mine]).collect();
    assert_eq!(all.len(), others.len() + 1, "{others:?}");
}

#[test]
fn a_local_part_that_is_longer_than_its_key_harms_nobody() {
    let kit = Kit::new(Levels::Memory);
    let mut question = kit.question("a");
    question.local = 100;
    assert!(name_of(&question, &Texts).starts_with("test::site:"));
}

#[tokio::test]
async fn processes_whose_sites_have_other_numbers_find_the_same() {
    let (one, other) = two();
    let question = |kit: &Kit, number: u8| {
        let mut question = kit.question("a");
        (question.key, question.local) = ([number, b'a'].into(), 1);
        question
    };
    one.cache.fetch(question(&one, 1), || one.work()).await;
    settle().await;
    other.cache.fetch(question(&other, 2), || other.work()).await;
    assert_eq!((one.runs(), other.runs()), (1, 100), "one run");
}

#[tokio::test]
async fn one_round_trip_a_miss_and_none_a_hit() {
    let (one, other) = two();
    assert_eq!(ask(&one, "a").await, says("1", How::Made));
    assert_eq!((one.looks(), one.server.keeps.load(Ordering::SeqCst)), (1, 1));
    for _ in 0..5 {
        assert_eq!(ask(&one, "a").await, says("1", How::Hit));
    }
    assert_eq!(one.looks(), 1);
    assert_eq!(ask(&other, "a").await, says("1", How::Hit));
    assert_eq!(ask(&other, "a").await, says("1", How::Hit));
    assert_eq!((one.looks(), other.runs()), (2, 100));
}

#[tokio::test]
async fn what_does_not_leave_this_process_asks_nobody() {
    let (one, _) = two();
    let mut question = one.question("a");
    question.codec = None;
    one.cache.fetch(question, || one.work()).await;
    settle().await;
    one.clock.advance(Duration::from_secs(1_000));
    assert!(one.cache.get(b"a", crate::core::Clock::now(&one.clock)).is_some());
    assert_eq!((one.looks(), one.server.keeps.load(Ordering::SeqCst)), (0, 0));
}

#[tokio::test]
async fn what_was_thrown_away_elsewhere_unheard_goes_from_memory() {
    let (one, other) = two();
    ask(&one, "a").await;
    one.server.is_mute.store(true, Ordering::SeqCst);
    other.invalidate(&[Mark::key("a")]).await;
    one.advance(60.0);
    let now = || crate::core::Clock::now(&one.clock);
    assert!(one.cache.peek(b"a", now()).is_some());
    assert!(one.cache.find(one.question("a")).await.is_none());
    assert!(one.cache.peek(b"a", now()).is_none(), "a look at memory alone does not find it either");
}

#[tokio::test]
async fn whoever_makes_nothing_finds_what_another_process_made() {
    let (one, other) = two();
    assert!(other.cache.find(other.question("a")).await.is_none());
    assert_eq!(other.looks(), 1);
    ask(&one, "a").await;
    let found = other.cache.find(other.question("a")).await.unwrap();
    assert_eq!(text_of(&found.value), "1");
    assert_eq!(ask(&other, "a").await, says("1", How::Hit), "and memory has it now");
    assert_eq!((one.runs(), other.runs()), (1, 100));
    other.server.set_away(true);
    assert!(other.cache.find(other.question("b")).await.is_none());
    assert_eq!(other.cache.store_errors(), 1);
    let mut local = other.question("a");
    local.codec = None;
    assert!(other.cache.find(local).await.is_none());
}

#[tokio::test]
async fn memory_asks_again_after_a_minute_whatever_the_entry_says() {
    let (one, _) = two();
    ask(&one, "a").await;
    one.advance(59.9);
    ask(&one, "a").await;
    assert_eq!(one.looks(), 1);
    one.advance(0.1);
    assert_eq!(ask(&one, "a").await, says("1", How::Hit));
    assert_eq!((one.looks(), one.runs()), (2, 1));
    one.advance(59.9);
    ask(&one, "a").await;
    assert_eq!(one.looks(), 2, "it is believed for another minute");
}

#[tokio::test]
async fn what_the_shared_store_forgot_goes_on_in_memory_where_nobody_has_thrown_it_away() {
    let (one, _) = two();
    ask(&one, "a").await;
    one.server.evict();
    one.advance(60.0);
    assert_eq!(ask(&one, "a").await, says("1", How::Hit));
    assert_eq!(one.looks(), 2);
}

#[tokio::test]
async fn the_age_that_an_entry_has_in_the_shared_store_counts() {
    let (mut one, mut other) = two();
    one.terms.fresh = 100 * SECOND;
    other.terms.fresh = 100 * SECOND;
    ask(&one, "a").await;
    one.advance(90.0);
    assert_eq!(ask(&other, "a").await, says("1", How::Hit));
    one.advance(9.9);
    assert_eq!(ask(&other, "a").await, says("1", How::Hit));
    one.advance(0.1);
    assert_eq!(ask(&other, "a").await, says("101", How::Made));
    assert_eq!(ask(&one, "a").await, says("101", How::Hit), "and the first finds what the second made");
}

#[tokio::test]
async fn row_29_a_store_that_is_away_is_only_counted() {
    let (one, other) = two();
    ask(&one, "known").await;
    one.server.set_away(true);
    assert_eq!(ask(&one, "known").await, says("1", How::Hit), "memory goes on");
    assert_eq!(ask(&one, "a").await, says("2", How::Made));
    assert_eq!(one.cache.store_errors(), 2);
    assert_eq!(one.cache.store_errors(), 0, "each is told once");
    let looks = one.looks();
    for _ in 0..10 {
        assert_eq!(ask(&one, "a").await, says("2", How::Hit));
        assert_eq!(ask(&one, "known").await, says("1", How::Hit));
    }
    assert_eq!(one.looks(), looks, "and asks for nothing all the time");
    one.advance(1_000.0);
    assert_eq!(ask(&one, "known").await, says("1", How::Hit), "for the entry's own life");
    one.server.set_away(false);
    assert_eq!(ask(&one, "known").await, says("1", How::Hit));
    assert_eq!(ask(&one, "a").await, says("3", How::Made), "nobody knows what was thrown away meanwhile");
    assert_eq!(ask(&other, "a").await, says("3", How::Hit));
}

#[tokio::test]
async fn where_it_is_to_be_bypassed_nothing_is_kept_or_given_while_it_is_away() {
    let (mut one, _) = two();
    one.on_store_error = OnCacheError::Bypass;
    one.terms.on_error = LONG;
    ask(&one, "a").await;
    assert_eq!(ask(&one, "a").await, says("1", How::Hit));
    one.server.set_away(true);
    assert_eq!(ask(&one, "a").await, says("2", How::Made));
    assert_eq!(ask(&one, "a").await, says("3", How::Made));
    assert_eq!(ask(&one, "b").await, says("4", How::Made));
    assert_eq!(ask(&one, "b").await, says("5", How::Made));
    one.server.set_away(false);
    assert_eq!(ask(&one, "a").await, says("1", How::Hit), "what was kept before holds");
}

#[tokio::test]
async fn a_purge_reaches_the_memory_of_all() {
    let (one, other) = two();
    for kit in [&one, &other] {
        assert_eq!(ask(kit, "a").await.0, "1");
        assert_eq!(ask(kit, "b").await.1, if kit.runs() == 2 { How::Made } else { How::Hit });
    }
    one.invalidate(&[Mark::key("a")]).await;
    assert_eq!(ask(&other, "a").await, says("101", How::Made));
    assert_eq!(ask(&one, "a").await, says("101", How::Hit));
    assert_eq!(ask(&other, "b").await, says("2", How::Hit));
}

#[tokio::test]
async fn a_lost_message_heals_within_a_minute_and_at_once_where_it_is_known_to_be_lost() {
    let (one, other) = two();
    for kit in [&one, &other] {
        ask(kit, "a").await;
    }
    one.server.is_mute.store(true, Ordering::SeqCst);
    one.invalidate(&[Mark::site("test::site")]).await;
    assert_eq!(ask(&other, "a").await, says("1", How::Hit), "nobody has told it");
    other.advance(60.0);
    assert_eq!(ask(&other, "a").await, says("101", How::Made));
    one.invalidate(&[Mark::site("test::site")]).await;
    assert_eq!(ask(&other, "a").await, says("101", How::Hit));
    one.server.tell(|| Heard::Missed);
    assert_eq!(ask(&other, "a").await, says("102", How::Made));
}

#[tokio::test]
async fn a_purge_while_the_store_is_away_is_told_when_it_is_back() {
    let (one, other) = two();
    for kit in [&one, &other] {
        ask(kit, "a").await;
    }
    one.server.set_away(true);
    one.invalidate(&[Mark::key("a")]).await;
    assert_eq!(ask(&one, "a").await, says("2", How::Made), "here it is gone at once");
    assert_eq!(ask(&other, "a").await, says("1", How::Hit));
    one.server.set_away(false);
    ask(&one, "b").await;
    assert_eq!(ask(&other, "a").await.1, How::Made);
}

#[tokio::test]
async fn a_purge_elsewhere_during_the_work_wins_even_where_nobody_hears_of_it() {
    let (one, other) = two();
    let gate = Arc::new(Semaphore::new(0));
    let asks = {
        let (one, gate) = (one.clone(), Arc::clone(&gate));
        tokio::spawn(async move {
            let terms = one.terms;
            let work = async move {
                gate.acquire().await.unwrap().forget();
                kept("old", terms)
            };
            one.ask_for("a", || work).await
        })
    };
    settle().await;
    one.server.is_mute.store(true, Ordering::SeqCst);
    other.invalidate(&[Mark::key("a")]).await;
    gate.add_permits(1);
    assert_eq!(asks.await.unwrap().0, "old");
    settle().await;
    assert_eq!(ask(&other, "a").await, says("101", How::Made), "it was kept in vain");
    one.advance(60.0);
    assert_eq!(ask(&one, "a").await, says("101", How::Hit));
}

#[tokio::test]
async fn foreign_bytes_are_a_miss() {
    for payload in [&b"\xff\xfe"[..], b"panics"] {
        let (one, other) = two();
        let work = async move {
            Made::<String>::Kept(crate::cache::Draft {
                value: Arc::new(String::from_utf8_lossy(payload).into_owned()),
                terms: Terms { fresh: LONG, ..Terms::default() },
                bytes: 1,
            })
        };
        one.ask_for("a", || work).await;
        settle().await;
        if payload != b"panics" {
            one.server.spoil();
        }
        assert_eq!(ask(&other, "a").await, says("101", How::Made));
        let third = Kit::beside(&one.server, &one.clock, Levels::Both);
        assert_eq!(ask(&third, "a").await, says("101", How::Hit), "and is replaced");
    }
}

#[tokio::test]
async fn something_stale_of_another_process_is_given_while_it_is_made_anew_or_where_that_fails() {
    let (mut one, mut other) = two();
    let terms =
        Terms { fresh: SECOND, while_revalidating: 10 * SECOND, on_error: 50 * SECOND, ..Terms::default() };
    (one.terms, other.terms) = (terms, terms);
    ask(&one, "a").await;
    one.advance(1.0);
    assert_eq!(ask(&other, "a").await, says("1", How::Stale));
    assert_eq!(ask(&other, "a").await, says("101", How::Hit), "made in the background");
    one.advance(20.0);
    let third = Kit::beside(&one.server, &one.clock, Levels::Both);
    third.fails.store(true, Ordering::SeqCst);
    assert_eq!(ask(&third, "a").await, says("101", How::StaleOnError));
}

#[tokio::test]
async fn a_refresh_takes_what_another_process_has_made_meanwhile() {
    let (mut one, mut other) = two();
    let terms = Terms { fresh: SECOND, while_revalidating: 10 * SECOND, ..Terms::default() };
    (one.terms, other.terms) = (terms, terms);
    ask(&one, "a").await;
    ask(&other, "a").await;
    one.advance(1.0);
    assert_eq!(ask(&one, "a").await, says("1", How::Stale));
    assert_eq!(ask(&other, "a").await, says("1", How::Stale));
    assert_eq!(ask(&other, "a").await, says("2", How::Hit));
    assert_eq!((one.runs(), other.runs()), (2, 100));
}

/// Two processes of which one makes something at a time, and the first has begun.
async fn leased(lease: u64) -> (Kit, Kit, Arc<Semaphore>, tokio::task::JoinHandle<(String, How)>) {
    let (mut one, mut other) = two();
    (one.lease, other.lease) = (lease, lease);
    let gate = Arc::new(Semaphore::new(0));
    let asks = {
        let (one, gate) = (one.clone(), Arc::clone(&gate));
        tokio::spawn(async move {
            let work = one.work();
            let work = async move {
                gate.acquire().await.unwrap().forget();
                work.await
            };
            one.ask_for("a", || work).await
        })
    };
    settle().await;
    (one, other, gate, asks)
}

/// Moves the clock until that is done, and tells how far.
async fn passes<T>(kit: &Kit, task: tokio::task::JoinHandle<T>) -> (T, u128) {
    let mut moved = Duration::ZERO;
    let step = Duration::from_millis(10);
    settle().await;
    while !task.is_finished() {
        assert!(moved < Duration::from_secs(60), "it hangs");
        kit.clock.advance(step);
        moved += step;
        settle().await;
    }
    (task.await.unwrap(), moved.as_millis())
}

fn asks(kit: &Kit) -> tokio::task::JoinHandle<(String, How)> {
    let kit = kit.clone();
    tokio::spawn(async move { kit.ask("a").await })
}

#[tokio::test]
async fn one_process_makes_it_while_the_others_wait() {
    let (one, other, gate, first) = leased(10 * SECOND).await;
    let second = asks(&other);
    settle().await;
    one.advance(0.5);
    settle().await;
    assert!(!second.is_finished());
    gate.add_permits(1);
    assert_eq!(first.await.unwrap(), says("1", How::Made));
    let (said, millis) = passes(&other, second).await;
    assert_eq!((said, other.runs()), (says("1", How::Hit), 100));
    assert!(millis <= 100, "{millis}");
}

#[tokio::test]
async fn row_19_whoever_waits_goes_on_by_itself_when_the_lease_ends() {
    let (one, other, gate, first) = leased(SECOND).await;
    let (said, millis) = passes(&other, asks(&other)).await;
    assert_eq!(said, says("101", How::Made));
    assert!((1_000..=1_100).contains(&millis), "{millis}");
    gate.add_permits(1);
    assert_eq!(first.await.unwrap().0, "1");
    drop(one);
}

#[tokio::test]
async fn a_lease_is_given_back_where_the_work_fails_or_is_dropped() {
    for drops in [true, false] {
        let (one, other, gate, first) = leased(30 * SECOND).await;
        let second = asks(&other);
        settle().await;
        one.fails.store(true, Ordering::SeqCst);
        if drops {
            first.abort();
        } else {
            gate.add_permits(1);
            assert_eq!(first.await.unwrap().0, "failed");
        }
        let (said, millis) = passes(&other, second).await;
        assert_eq!(said, says("101", How::Made));
        assert!(millis <= 100, "{millis}");
    }
}

#[tokio::test]
async fn a_store_that_goes_away_while_somebody_waits_for_a_lease_lets_them_go_on() {
    let (_, other, _, _first) = leased(30 * SECOND).await;
    let second = asks(&other);
    settle().await;
    other.server.set_away(true);
    let (said, millis) = passes(&other, second).await;
    assert_eq!(said, says("101", How::Made));
    assert!(millis <= 100, "{millis}");
}

#[tokio::test]
async fn a_refresh_leaves_it_to_the_process_that_makes_it() {
    let (mut one, mut other) = two();
    let terms = Terms { fresh: SECOND, while_revalidating: 1_000 * SECOND, ..Terms::default() };
    (one.terms, other.terms) = (terms, terms);
    (one.lease, other.lease) = (30 * SECOND, 30 * SECOND);
    ask(&one, "a").await;
    ask(&other, "a").await;
    one.advance(1.0);
    let gate = Arc::new(Semaphore::new(0));
    let work = {
        let (work, gate) = (one.work(), Arc::clone(&gate));
        async move {
            gate.acquire().await.unwrap().forget();
            work.await
        }
    };
    assert_eq!(one.ask_for("a", || work).await, says("1", How::Stale));
    settle().await;
    assert_eq!(ask(&other, "a").await, says("1", How::Stale));
    assert_eq!(other.runs(), 100);
    gate.add_permits(1);
    settle().await;
    ask(&other, "a").await;
    assert_eq!(ask(&other, "a").await, says("2", How::Hit));
    assert_eq!((one.runs(), other.runs()), (2, 100));
}

#[derive(Clone, Debug)]
enum Step {
    Ask(usize, usize),
    Change(usize, usize),
    ChangeAll(usize),
    Pass(u16),
    Evict,
    Missed,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..3_usize, 0..3_usize).prop_map(|(process, key)| Step::Ask(process, key)),
        2 => (0..3_usize, 0..3_usize).prop_map(|(process, key)| Step::Change(process, key)),
        1 => (0..3_usize).prop_map(Step::ChangeAll),
        1 => (0..9_000_u16).prop_map(Step::Pass),
        1 => Just(Step::Evict),
        1 => Just(Step::Missed),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever happens, nobody is given what was changed and thrown away before they asked.
    #[test]
    fn nobody_is_given_what_was_thrown_away(steps in prop::collection::vec(step(), 1..60)) {
        const KEYS: [&str; 3] = ["a", "b", "c"];
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let (one, other) = two();
            let mut third = Kit::beside(&one.server, &one.clock, Levels::Both);
            third.terms = one.terms;
            let processes = [one, other, third];
            let mut truth = [0; 3];
            for step in steps {
                match step {
                    Step::Ask(process, key) => {
                        let (kit, now) = (&processes[process], truth[key].to_string());
                        let (terms, value) = (kit.terms, now.clone());
                        let work = async move { kept(&value, terms) };
                        assert_eq!(kit.ask_for(KEYS[key], || work).await.0, now);
                    }
                    Step::Change(process, key) => {
                        truth[key] += 1;
                        processes[process].invalidate(&[Mark::key(KEYS[key])]).await;
                    }
                    Step::ChangeAll(process) => {
                        truth = truth.map(|value| value + 1);
                        processes[process].invalidate(&[Mark::ALL]).await;
                    }
                    Step::Pass(centiseconds) => processes[0].advance(f64::from(centiseconds) / 100.0),
                    Step::Evict => processes[0].server.evict(),
                    Step::Missed => processes[0].server.tell(|| Heard::Missed),
                }
            }
        });
    }
}
