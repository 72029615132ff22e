//! One run for all who want the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::sync::{Barrier, Semaphore};
use tollgate::{Tollgate, call};
use tollgate_tests::{counts, site};

use super::{Runs, run};
use crate::support::{Polled, tollgate};

fn begin<F: Future>(tollgate: &Tollgate, call: F) -> Polled<impl Future<Output = F::Output>> {
    Polled::new(tollgate.scope(call))
}

static MANY: Runs = Runs::new();

#[call::cached(ttl = "5m")]
async fn wanted_by_many(key: String) -> u32 {
    let _ = key;
    tokio::task::yield_now().await;
    MANY.next()
}

static MANY_HERE: Runs = Runs::new();

#[call::cached(ttl = "5m")]
async fn wanted_by_many_here(key: &str) -> u32 {
    let _ = key;
    tokio::task::yield_now().await;
    MANY_HERE.next()
}

/// That many calls at once, on all threads.
async fn at_once<F, C>(tollgate: &Tollgate, number: usize, call: C) -> Vec<u32>
where
    C: Fn() -> F,
    F: Future<Output = u32> + Send + 'static,
{
    let start = Arc::new(Barrier::new(number));
    let tasks: Vec<_> = (0..number)
        .map(|_| {
            let (start, call) = (Arc::clone(&start), tollgate.scope(call()));
            tokio::spawn(async move {
                let _ = start.wait().await;
                call.await
            })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_who_want_one_value_have_it_made_once() {
    let (tollgate, _clock) = tollgate();
    let answers = at_once(&tollgate, 10_000, || wanted_by_many("a".to_owned())).await;
    assert!(answers.iter().all(|answer| *answer == 1));
    let answers = at_once(&tollgate, 10_000, || wanted_by_many_here("a")).await;
    assert!(answers.iter().all(|answer| *answer == 1));
    assert_eq!((MANY.get(), MANY_HERE.get()), (1, 1));
}

static PARALLEL: AtomicU32 = AtomicU32::new(0);

#[call::cached(ttl = "5m", skip(all_are_here))]
async fn needs_the_others(key: u32, all_are_here: Arc<Barrier>) -> u32 {
    PARALLEL.fetch_add(1, Ordering::Relaxed);
    all_are_here.wait().await;
    key
}

#[tokio::test]
async fn different_keys_are_made_at_the_same_time() {
    let (tollgate, _clock) = tollgate();
    let all = Arc::new(Barrier::new(3));
    let calls = [1, 2, 3].map(|key| needs_the_others(key, Arc::clone(&all)));
    let [one, two, three] = calls;
    let answers = tollgate.scope(async { tokio::join!(one, two, three) }).await;
    assert_eq!((answers, PARALLEL.load(Ordering::Relaxed)), ((1, 2, 3), 3));
}

#[derive(Clone, Debug, PartialEq)]
struct Fault(u32);

#[call::cached(ttl = "5m")]
async fn fails(key: &str) -> Result<u32, Fault> {
    let _ = key;
    let number = run!();
    tokio::task::yield_now().await;
    Err(Fault(number))
}

#[derive(Debug)]
struct NoClone(u32);

#[call::cached(ttl = "5m")]
async fn fails_alone(key: &str) -> Result<u32, NoClone> {
    let _ = key;
    let number = run!();
    tokio::task::yield_now().await;
    Err(NoClone(number))
}

#[tokio::test]
async fn an_error_is_that_of_all_who_wait_where_it_has_clones() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            let answers = tokio::join!(fails("a"), fails("a"), fails("a"));
            assert_eq!(answers, (Err(Fault(1)), Err(Fault(1)), Err(Fault(1))));
            assert_eq!(fails("a").await, Err(Fault(2)), "it is not kept");
            let (one, other) = tokio::join!(fails_alone("a"), fails_alone("a"));
            assert_eq!((one.unwrap_err().0, other.unwrap_err().0), (1, 2));
        })
        .await;
    assert_eq!(counts(&tollgate, site!(fails)), "cached miss 2, collapsed 2");
}

static PANICS: Runs = Runs::new();

#[call::cached(ttl = "5m")]
async fn panics_once(key: String) -> u32 {
    tokio::task::yield_now().await;
    assert!(PANICS.next() > 1, "the first one: {key}");
    7
}

static PANICS_HERE: Runs = Runs::new();

#[call::cached(ttl = "5m")]
async fn panics_once_here(key: &str) -> u32 {
    tokio::task::yield_now().await;
    assert!(PANICS_HERE.next() > 1, "the first one: {key}");
    7
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_that_of_all_who_wait_and_not_of_the_key() {
    let (tollgate, _clock) = tollgate();
    let owned = || tokio::spawn(tollgate.scope(panics_once("a".to_owned())));
    let here = || tokio::spawn(tollgate.scope(panics_once_here("a")));
    for call in [&owned as &dyn Fn() -> tokio::task::JoinHandle<u32>, &here] {
        let tasks = [(); 5].map(|()| call());
        let mut panics = 0;
        for task in tasks {
            match tokio::time::timeout(Duration::from_secs(10), task).await.unwrap() {
                Ok(answer) => assert_eq!(answer, 7),
                Err(error) => {
                    assert!(error.is_panic());
                    panics += 1;
                }
            }
        }
        assert!(panics > 0);
        assert_eq!(call().await.unwrap(), 7);
    }
}

static LEADERS: Semaphore = Semaphore::const_new(0);
static LED: Runs = Runs::new();

#[call::cached(ttl = "5m")]
async fn goes_on(key: u32) -> u32 {
    let _permit = LEADERS.acquire().await;
    key + LED.next()
}

#[tokio::test]
async fn work_goes_on_without_whoever_began_it() {
    let (tollgate, _clock) = tollgate();
    let mut leader = begin(&tollgate, goes_on(0));
    assert_eq!(leader.poll(), None);
    let mut follower = begin(&tollgate, goes_on(0));
    assert_eq!(follower.poll(), None);
    drop(leader);
    LEADERS.add_permits(1);
    assert_eq!(answer_of(&mut follower).await, 1);
    assert_eq!(LED.get(), 1);
}

/// Polls until there is an answer, giving way to other tasks.
async fn answer_of<F: Future>(call: &mut Polled<F>) -> F::Output {
    loop {
        if let Some(answer) = call.poll() {
            return answer;
        }
        tokio::task::yield_now().await;
    }
}

static ABANDONED: Semaphore = Semaphore::const_new(0);
static BEGUN: Runs = Runs::new();
static ENDED: Runs = Runs::new();

#[call::cached(ttl = "5m")]
async fn abandoned(key: u32) -> u32 {
    let _ = (key, BEGUN.next());
    let _permit = ABANDONED.acquire().await;
    ENDED.next()
}

#[tokio::test]
async fn work_that_nobody_waits_for_is_dropped() {
    let (tollgate, _clock) = tollgate();
    let mut one = begin(&tollgate, abandoned(0));
    let mut other = begin(&tollgate, abandoned(0));
    assert_eq!((one.poll(), other.poll()), (None, None));
    tokio::task::yield_now().await;
    drop((one, other));
    tokio::task::yield_now().await;
    ABANDONED.add_permits(2);
    assert_eq!(tollgate.scope(abandoned(0)).await, 1, "it was made anew");
    assert_eq!((BEGUN.get(), ENDED.get()), (2, 1));
}

static TAKEN_OVER: Semaphore = Semaphore::const_new(0);
static TURNS: Runs = Runs::new();

#[call::cached(ttl = "5m")]
async fn taken_over(key: &str) -> u32 {
    let _ = key;
    let number = TURNS.next();
    let _permit = TAKEN_OVER.acquire().await;
    number
}

#[test]
fn work_that_borrows_is_taken_over_by_another_one_who_waits() {
    let (tollgate, _clock) = tollgate();
    let mut leader = begin(&tollgate, taken_over("a"));
    let mut others = [(); 3].map(|()| begin(&tollgate, taken_over("a")));
    assert_eq!(leader.poll(), None);
    assert!(others.iter_mut().all(|other| other.poll().is_none()));
    assert_eq!(TURNS.get(), 1);
    drop(leader);
    assert!(others.iter_mut().all(|other| other.poll().is_none()));
    assert_eq!(TURNS.get(), 2);
    TAKEN_OVER.add_permits(1);
    assert_eq!(others.each_mut().map(Polled::poll), [Some(2); 3]);
}

#[call::cached(ttl = "5m")]
async fn even(number: &u32) -> bool {
    match number {
        0 => true,
        other => Box::pin(odd(&(other - 1))).await,
    }
}

#[call::cached(ttl = "5m")]
async fn odd(number: &u32) -> bool {
    match number {
        0 => false,
        other => Box::pin(even(&(other - 1))).await,
    }
}

#[call::cached(ttl = "5m", key = "{name}")]
async fn same_key(name: &str, depth: u32) -> u32 {
    if depth == 0 { 0 } else { Box::pin(same_key(name, depth - 1)).await + 1 }
}

#[tokio::test]
async fn functions_that_call_each_other_or_themselves_wait_for_nobody_who_waits_for_them() {
    let (tollgate, _clock) = tollgate();
    tollgate
        .scope(async {
            assert!(even(&20).await && odd(&21).await);
            assert_eq!(same_key("a", 5).await, 5);
            let (one, other) = tokio::join!(even(&40), odd(&40));
            assert_eq!((one, other), (true, false));
        })
        .await;
}

#[call::cached(ttl = "5m")]
async fn in_the_scope_of_its_caller(key: u32) -> u32 {
    inner(key).await
}

#[call::cached(ttl = "5m")]
async fn inner(key: u32) -> u32 {
    key
}

#[tokio::test]
async fn work_that_goes_on_alone_is_in_the_scope_of_whoever_began_it() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(tollgate.scope(in_the_scope_of_its_caller(3)).await, 3);
    assert_eq!(counts(&tollgate, site!(inner)), "cached miss 1");
}

#[test]
fn no_runtime_is_needed() {
    let (tollgate, _clock) = tollgate();
    assert_eq!(begin(&tollgate, inner(1)).poll(), Some(1));
    assert_eq!(begin(&tollgate, inner(1)).poll(), Some(1));
}
