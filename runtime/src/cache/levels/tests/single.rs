//! One run for all who ask at the same time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::cache::contract::kit::{Kit, Levels, SECOND, kept, said, settle, text};
use crate::cache::{Fetched, How, Made, Mark, Standing, Terms};
use crate::core::Clock;

fn terms() -> Terms {
    Terms { fresh: 10 * SECOND, ..Terms::default() }
}

/// Work that goes on when somebody lets it.
fn gated(kit: &Kit, gate: &Arc<Semaphore>) -> impl Future<Output = Made<String>> + Send + 'static + use<> {
    let (work, gate) = (kit.work(), Arc::clone(gate));
    async move {
        gate.acquire().await.unwrap().forget();
        work.await
    }
}

/// So many who ask for a key at the same time, for work that is gated.
async fn crowd(kit: &Kit, gate: &Arc<Semaphore>, size: usize) -> JoinSet<(String, How)> {
    let mut crowd = JoinSet::new();
    for _ in 0..size {
        let (kit, gate) = (kit.clone(), Arc::clone(gate));
        crowd.spawn(async move {
            let work = gated(&kit, &gate);
            kit.ask_for("a", || work).await
        });
    }
    settle().await;
    crowd
}

fn gate() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(0))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_who_ask_at_once_have_it_made_once() {
    for levels in [Levels::Memory, Levels::Both] {
        let kit = Kit::new(levels);
        let mut crowd = JoinSet::new();
        for _ in 0..10_000 {
            let kit = kit.clone();
            crowd.spawn(async move { kit.ask("a").await });
        }
        let said = crowd.join_all().await;
        assert!(said.iter().all(|(text, _)| text == "1"));
        assert_eq!(said.iter().filter(|(_, how)| *how == How::Made).count(), 1);
        assert_eq!((kit.runs(), kit.cache.flights.len()), (1, 0));
        assert!(levels == Levels::Memory || kit.looks() == 1);
    }
}

#[tokio::test]
async fn rows_12_and_13_one_run_a_round() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    for round in 1..=2_usize {
        let crowd = crowd(&kit, &gate, 10).await;
        gate.add_permits(1);
        let said = crowd.join_all().await;
        assert!(said.iter().all(|(text, _)| *text == round.to_string()));
        assert_eq!(said.iter().filter(|(_, how)| *how == How::Collapsed).count(), 9);
        kit.advance(10.0);
    }
    assert_eq!(kit.runs(), 2);
}

#[tokio::test]
async fn row_14_different_keys_do_not_wait_for_each_other() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    let slow = tokio::spawn({
        let (kit, gate) = (kit.clone(), Arc::clone(&gate));
        async move {
            let work = gated(&kit, &gate);
            kit.ask_for("slow", || work).await
        }
    });
    settle().await;
    assert_eq!(kit.ask("a").await.1, How::Made);
    assert_eq!(kit.ask("b").await.1, How::Made);
    gate.add_permits(1);
    assert_eq!(slow.await.unwrap().1, How::Made);
}

#[tokio::test]
async fn row_15_all_who_wait_get_the_error_and_the_next_one_tries_again() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    kit.fails.store(true, Ordering::SeqCst);
    let crowd = crowd(&kit, &gate, 5).await;
    gate.add_permits(1);
    assert!(crowd.join_all().await.iter().all(|(text, _)| text == "failed"));
    assert_eq!(kit.runs(), 1);
    kit.fails.store(false, Ordering::SeqCst);
    assert_eq!(kit.ask("a").await, ("2".to_owned(), How::Made));
}

#[tokio::test]
async fn row_16_a_panic_fails_those_who_wait_and_not_the_key() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    let mut crowd = JoinSet::new();
    for _ in 0..5 {
        let (kit, gate) = (kit.clone(), Arc::clone(&gate));
        crowd.spawn(async move {
            let work = async move {
                gate.acquire().await.unwrap().forget();
                std::panic::resume_unwind(Box::new("so it goes"))
            };
            kit.ask_for("a", || work).await
        });
    }
    settle().await;
    gate.add_permits(1);
    let mut said = Vec::new();
    while let Some(ended) = crowd.join_next().await {
        let payload = ended.unwrap_err().into_panic();
        let text = payload.downcast_ref::<String>().cloned();
        said.push(text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap());
    }
    assert_eq!(said, vec!["so it goes"; 5]);
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Made));
}

#[tokio::test]
async fn something_stale_stands_in_for_a_panic() {
    let mut kit = Kit::new(Levels::Memory);
    kit.terms.on_error = 10 * SECOND;
    kit.ask("a").await;
    kit.advance(10.0);
    let work = async { std::panic::resume_unwind(Box::new("so it goes")) };
    assert_eq!(kit.ask_for("a", || work).await, ("1".to_owned(), How::StaleOnError));
    kit.invalidate(&[Mark::ALL]).await;
    let work = async { Made::<String>::Passed { value: text("failed"), failed: true } };
    assert_eq!(kit.ask_for("a", || work).await.0, "failed", "what was thrown away stands in for nothing");
}

#[tokio::test]
async fn row_17_the_work_goes_on_while_anybody_waits_and_stops_when_nobody_does() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    let ask = |kit: &Kit| {
        let (kit, gate) = (kit.clone(), Arc::clone(&gate));
        tokio::spawn(async move {
            let work = gated(&kit, &gate);
            kit.ask_for("a", || work).await
        })
    };
    let leader = ask(&kit);
    settle().await;
    let waits = ask(&kit);
    settle().await;
    leader.abort();
    settle().await;
    gate.add_permits(1);
    assert_eq!(waits.await.unwrap(), ("1".to_owned(), How::Collapsed));
    kit.invalidate(&[Mark::ALL]).await;
    let all = [ask(&kit), ask(&kit)];
    settle().await;
    assert_eq!(kit.cache.flights.len(), 1);
    all.iter().for_each(tokio::task::JoinHandle::abort);
    settle().await;
    assert_eq!(kit.cache.flights.len(), 0);
    gate.add_permits(1);
    settle().await;
    assert_eq!((kit.runs(), gate.available_permits()), (1, 1), "the work was dropped");
}

#[tokio::test]
async fn work_that_borrows_is_taken_over_by_one_who_waits() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    let ask = |kit: &Kit| {
        let (kit, gate) = (kit.clone(), Arc::clone(&gate));
        tokio::spawn(async move {
            let (kit, gate) = (&kit, &gate);
            said(kit.cache.fetch_here(kit.question("a"), || async move { gated(kit, gate).await }).await)
        })
    };
    let leader = ask(&kit);
    settle().await;
    let waiting = [ask(&kit), ask(&kit), ask(&kit)];
    settle().await;
    leader.abort();
    settle().await;
    assert_eq!(kit.cache.flights.len(), 1, "somebody else leads");
    gate.add_permits(1);
    let mut said = Vec::new();
    for one in waiting {
        said.push(one.await.unwrap());
    }
    said.sort_by_key(|(_, how)| *how == How::Collapsed);
    let [made, collapsed] = [How::Made, How::Collapsed].map(|how| ("1".to_owned(), how));
    assert_eq!(said, [made, collapsed.clone(), collapsed]);
    assert_eq!(kit.cache.flights.len(), 0);
}

#[test]
fn without_a_runtime_the_work_is_done_where_it_is_asked_for_and_nothing_in_the_background() {
    let kit = Kit::new(Levels::Memory);
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(!kit.cache.refresh(kit.question("a"), || kit.work()));
    let mut asks = std::pin::pin!(kit.ask("a"));
    let said = loop {
        if let std::task::Poll::Ready(said) = asks.as_mut().poll(&mut cx) {
            break said;
        }
    };
    assert_eq!(said, ("1".to_owned(), How::Made));
    assert!(kit.cache.get(b"a", kit.clock.now()).is_some());
}

#[tokio::test]
async fn row_18_a_purge_during_a_flight_wins_over_it() {
    let (kit, old, new) = (Kit::new(Levels::Memory), gate(), gate());
    let before = crowd(&kit, &old, 2).await;
    kit.invalidate(&[Mark::key("a")]).await;
    let after = crowd(&kit, &new, 2).await;
    new.add_permits(1);
    assert!(after.join_all().await.iter().all(|(text, _)| text == "1"));
    old.add_permits(1);
    assert!(before.join_all().await.iter().all(|(text, _)| text == "2"), "they asked before");
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Hit), "the later one stays");
}

#[tokio::test]
async fn what_a_purge_made_useless_is_not_kept() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    let before = crowd(&kit, &gate, 1).await;
    kit.invalidate(&[Mark::site("test::site")]).await;
    gate.add_permits(1);
    before.join_all().await;
    assert_eq!(kit.cache.size().0, 0);
}

#[tokio::test]
async fn a_later_run_is_not_overwritten_by_an_earlier_one() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    let before = crowd(&kit, &gate, 1).await;
    let work = kit.work();
    let renewed = said(kit.cache.renew(kit.question("a"), || work).await);
    assert_eq!(renewed, ("1".to_owned(), How::Made), "it did not wait for what began before");
    gate.add_permits(1);
    assert_eq!(before.join_all().await, [("2".to_owned(), How::Made)]);
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Hit));
}

/// Asks for `first`, whose work asks for `second`, and so on.
fn nested(kit: Kit, keys: &'static [&'static str]) -> Pin<Box<dyn Future<Output = String> + Send>> {
    Box::pin(async move {
        let Some((first, rest)) = keys.split_first() else { return String::new() };
        let inner = kit.clone();
        let work = async move {
            // The others begin, too, before they want each other.
            settle().await;
            kept(&format!("{first}{}", nested(inner.clone(), rest).await), inner.terms)
        };
        kit.ask_for(first, || work).await.0
    })
}

#[tokio::test]
async fn row_21_work_that_wants_its_own_key_does_it_itself() {
    let kit = Kit::new(Levels::Memory);
    assert_eq!(nested(kit.clone(), &["a", "a"]).await, "aa");
    assert_eq!(nested(kit, &["b", "c", "b"]).await, "bcb");
}

#[tokio::test]
async fn flights_that_want_each_other_all_land() {
    let kit = Kit::new(Levels::Memory);
    let mut all = JoinSet::new();
    for keys in [&["a", "b", "c"][..], &["b", "c", "a"], &["c", "a", "b"]] {
        all.spawn(nested(kit.clone(), keys));
    }
    let ended = tokio::time::timeout(Duration::from_secs(5), all.join_all()).await;
    assert_eq!(ended.expect("nobody hangs").len(), 3);
    assert_eq!(kit.cache.flights.len(), 0);
}

#[tokio::test]
async fn row_22_freshness_counts_from_completion() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    let crowd = crowd(&kit, &gate, 1).await;
    kit.advance(10.0);
    gate.add_permits(1);
    crowd.join_all().await;
    kit.advance(9.0);
    assert_eq!(kit.ask("a").await.1, How::Hit);
}

#[tokio::test]
async fn row_11_early_in_its_last_fifth_it_is_made_anew_once_in_the_background() {
    let mut kit = Kit::new(Levels::Memory);
    kit.terms = Terms { while_revalidating: SECOND, ..terms() };
    kit.ask("a").await;
    kit.advance(7.999);
    let standing = |kit: &Kit| kit.cache.get(b"a", kit.clock.now()).unwrap().1;
    assert!(matches!(standing(&kit), Standing::Fresh { .. }));
    while matches!(standing(&kit), Standing::Fresh { .. }) {
        kit.advance(0.001);
    }
    for _ in 0..3 {
        let (said, how) = kit.ask("a").await;
        assert_eq!((&said[..], kit.runs()), ("1", 1));
        assert!(matches!(how, How::Hit | How::Stale));
    }
    settle().await;
    assert_eq!((kit.ask("a").await, kit.runs()), (("2".to_owned(), How::Hit), 2));
}

#[tokio::test]
async fn a_refresh_goes_on_alone_and_is_shared_by_those_who_come_to_wait() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    assert!(kit.cache.refresh(kit.question("a"), || gated(&kit, &gate)));
    assert!(!kit.cache.refresh(kit.question("a"), || kit.work()));
    let mut waits = crowd(&kit, &gate, 2).await;
    waits.abort_all();
    while waits.join_next().await.is_some() {}
    let waits = crowd(&kit, &gate, 1).await;
    gate.add_permits(1);
    assert_eq!(waits.join_all().await, [("1".to_owned(), How::Collapsed)]);
    assert_eq!((kit.runs(), kit.cache.flights.len()), (1, 0));
}

#[tokio::test]
async fn a_refresh_that_panics_or_fails_changes_nothing() {
    let mut kit = Kit::new(Levels::Memory);
    kit.terms.while_revalidating = 10 * SECOND;
    kit.ask("a").await;
    kit.advance(10.0);
    let work = async { std::panic::resume_unwind(Box::new("so it goes")) };
    assert_eq!(kit.ask_for("a", || work).await.1, How::Stale);
    settle().await;
    kit.fails.store(true, Ordering::SeqCst);
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Stale));
    settle().await;
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Stale));
    assert_eq!(kit.cache.flights.len(), 1, "another one has begun");
}

#[tokio::test]
async fn what_is_for_one_alone_is_made_by_all_at_the_same_time_and_nobody_stands_in_line_for_a_while() {
    let kit = Kit::new(Levels::Memory);
    let (running, most, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), gate());
    let crowd = |size: usize| {
        let mut crowd = JoinSet::new();
        for number in 0..size {
            let (kit, gate) = (kit.clone(), Arc::clone(&gate));
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            crowd.spawn(async move {
                let work = async move {
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    gate.acquire().await.unwrap().forget();
                    running.fetch_sub(1, Ordering::SeqCst);
                    Made::Own { own: number.to_string(), failed: false }
                };
                kit.ask_for("a", || work).await.0
            });
        }
        crowd
    };
    let first = crowd(5);
    settle().await;
    assert_eq!(most.load(Ordering::SeqCst), 1, "nobody knows yet");
    gate.add_permits(1);
    settle().await;
    assert_eq!(most.load(Ordering::SeqCst), 4, "now all the others do");
    gate.add_permits(4);
    let mut said = first.join_all().await;
    said.sort();
    assert_eq!(said, ["0", "1", "2", "3", "4"], "each its own");
    let second = crowd(5);
    settle().await;
    assert_eq!(most.load(Ordering::SeqCst), 5, "and it is remembered");
    gate.add_permits(5);
    second.join_all().await;
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Made), "it is for keeping now");
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Hit));
}

#[tokio::test]
async fn something_stale_stands_in_for_a_failure_for_one_alone() {
    let mut kit = Kit::new(Levels::Memory);
    kit.terms.on_error = 100 * SECOND;
    kit.ask("a").await;
    kit.advance(10.0);
    for failed in [true, false, true] {
        let work = async move { Made::Own { own: "own".to_owned(), failed } };
        let (said, how) = kit.ask_for("a", || work).await;
        assert_eq!((&said[..], how), if failed { ("1", How::StaleOnError) } else { ("own", How::Made) });
    }
}

#[tokio::test]
async fn nobody_who_comes_late_begins_again() {
    // Whoever finds nothing in memory and asks when the flight has landed finds what it brought.
    let kit = Kit::new(Levels::Memory);
    kit.ask("a").await;
    let late: Fetched<String> = kit.cache.fetch(kit.question("a"), || kit.work()).await;
    assert_eq!((said(late), kit.runs()), (("1".to_owned(), How::Hit), 1));
}

#[tokio::test]
async fn those_who_ask_may_leave_at_any_time_and_nothing_is_left_behind() {
    for polls in 0..12 {
        for levels in [Levels::Memory, Levels::Both] {
            let mut kit = Kit::new(levels);
            kit.lease = SECOND;
            let asks = kit.clone();
            let asks = tokio::spawn(async move { asks.ask("a").await });
            for _ in 0..polls {
                tokio::task::yield_now().await;
            }
            asks.abort();
            settle().await;
            assert_eq!(kit.cache.flights.len(), 0);
            let ended = tokio::time::timeout(Duration::from_secs(5), kit.ask("a")).await;
            assert!(ended.is_ok(), "the next one does not hang");
        }
    }
}

#[tokio::test]
async fn whoever_waits_for_a_renewal_that_fails_is_content_with_something_stale() {
    let (mut kit, gate) = (Kit::new(Levels::Memory), gate());
    kit.terms.on_error = 100 * SECOND;
    kit.ask("a").await;
    kit.advance(10.0);
    kit.fails.store(true, Ordering::SeqCst);
    let renews = {
        let (kit, gate) = (kit.clone(), Arc::clone(&gate));
        tokio::spawn(async move {
            let work = gated(&kit, &gate);
            said(kit.cache.renew(kit.question("a"), || work).await)
        })
    };
    settle().await;
    let waits = crowd(&kit, &gate, 1).await;
    gate.add_permits(1);
    assert_eq!(renews.await.unwrap(), ("failed".to_owned(), How::Made));
    assert_eq!(waits.join_all().await, [("1".to_owned(), How::StaleOnError)]);
    assert_eq!(kit.runs(), 2);
}

#[tokio::test]
async fn work_that_never_ends_does_not_take_its_key_along() {
    let (kit, gate) = (Kit::new(Levels::Memory), gate());
    let stuck = crowd(&kit, &gate, 2).await;
    kit.advance(60.0);
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Made));
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Hit));
    drop(stuck);
    settle().await;
    assert_eq!(kit.ask("a").await, ("1".to_owned(), How::Hit));
}

/// Some numbers that look as if there was no order in them.
fn numbers(seed: u64) -> impl Iterator<Item = usize> {
    let next = |number: &u64| Some(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    std::iter::successors(Some(seed), next).map(|number| usize::try_from(number >> 40).unwrap())
}

/// One who does something at random, and asks again from within its work.
fn at_random(kit: Kit, seed: u64, depth: usize) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    const KEYS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    Box::pin(async move {
        let mut draws = numbers(seed).skip(2);
        let mut draw = |below: usize| draws.next().unwrap_or_default() % below;
        let (key, what, yields, ends) = (KEYS[draw(6)], draw(8), draw(4), draw(8));
        let inner = kit.clone();
        let work = async move {
            for _ in 0..yields {
                tokio::task::yield_now().await;
            }
            if depth > 0 {
                at_random(inner.clone(), seed.wrapping_mul(31) + 1, depth - 1).await;
            }
            match ends {
                0 => std::panic::resume_unwind(Box::new("so it goes")),
                1 => Made::Own { own: String::new(), failed: false },
                2 => Made::Passed { value: text("failed"), failed: true },
                _ => kept("", inner.terms),
            }
        };
        let question = kit.question(key);
        match what {
            0 => kit.invalidations.invalidate(&[Mark::key(key)]),
            1 => drop(kit.cache.renew(question, || work).await),
            2 => drop(kit.cache.refresh(question, || work)),
            3 => drop(kit.cache.fetch_here(question, || work).await),
            _ => drop(kit.cache.fetch(question, || work).await),
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whatever_they_do_nobody_hangs_and_nothing_is_left_behind() {
    for levels in [Levels::Memory, Levels::Both] {
        let mut kit = Kit::new(levels);
        kit.terms.fresh = 1;
        let mut all = JoinSet::new();
        for seed in 0..3_000 {
            let one = all.spawn(at_random(kit.clone(), seed, 3));
            if seed % 3 == 0 {
                tokio::task::yield_now().await;
                one.abort();
            }
            if seed % 16 == 0 {
                kit.advance(0.001);
            }
        }
        let ends = async { while all.join_next().await.is_some() {} };
        tokio::time::timeout(Duration::from_secs(60), ends).await.expect("nobody hangs");
        let lands = async {
            while kit.cache.flights.len() > 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), lands).await.expect("all flights land");
    }
}
