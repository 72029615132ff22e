//! Many at once: several processes, callers who go, shared calls.

use proptest::prelude::*;

use super::super::shared::{Question, ask as ask_together};
use super::super::terms::Terms;
use super::*;
use crate::rate_limit::engine::Charge;
use crate::rate_limit::memory::Memory;
use crate::rate_limit::policy::Algorithm;

/// Asks as so many tasks at once, and counts how many are admitted.
pub(super) async fn at_once(stores: &[Arc<RedisStore>], tasks: usize, rates: &'static [Rate]) -> usize {
    let tasks: Vec<_> = (0..tasks)
        .map(|task| {
            let store = Arc::clone(&stores[task % stores.len()]);
            tokio::spawn(async move { admits(&store, ask("ada", 1, rates)).await.unwrap() })
        })
        .collect();
    let mut admitted = 0;
    for task in tasks {
        admitted += usize::from(task.await.unwrap());
    }
    admitted
}

#[test]
fn a_hundred_requests_through_four_connections_are_admitted_up_to_exactly_five() {
    const FIVE: &[Rate] = &[Rate::new("default", 5, HOUR)];
    const FIVE_AND_MANY: &[Rate] = &[Rate::new("default", 5, HOUR), Rate::new("day", 500, 24 * HOUR)];
    for sharing in [Sharing::On, Sharing::Off] {
        for rates in [FIVE, FIVE_AND_MANY] {
            let namespace = namespace();
            let store = || Arc::new(RedisStore::new(connect(&SERVER, &namespace, PATIENT), sharing));
            let stores = [store(), store(), store(), store()];
            assert_eq!(RUNTIME.block_on(at_once(&stores, 100, rates)), 5, "{sharing:?} {rates:?}");
        }
    }
}

#[test]
fn a_caller_who_goes_disturbs_nobody() {
    const RATES: &[Rate] = &[Rate::new("default", 1_000, HOUR)];
    for sharing in [Sharing::On, Sharing::Off] {
        let store = Arc::new(store(sharing));
        RUNTIME.block_on(async {
            let tasks: Vec<_> = (0..300)
                .map(|task| {
                    let store = Arc::clone(&store);
                    let task_of =
                        tokio::spawn(async move { admits(&store, ask("ada", 1, RATES)).await.unwrap() });
                    if task % 3 == 0 {
                        task_of.abort();
                    }
                    (task % 3 == 0, task_of)
                })
                .collect();
            for (went, task) in tasks {
                assert!(went || task.await.unwrap());
            }
            let standing = store.read(&[ask("ada", 0, RATES)]).await.unwrap();
            let used = 1_000 - standing[0].remaining;
            assert!((200..=300).contains(&used), "{used}");
        });
    }
}

#[test]
fn a_lease_takes_what_there_is_and_no_less_than_is_needed() {
    const TEN: &[Rate] = &[Rate::new("default", 10, HOUR)];
    let store = store(Sharing::On);
    let lease = |cost, lease| Ask { lease, ..ask("ada", cost, TEN) };
    RUNTIME.block_on(async {
        let mut granted = Vec::new();
        for (cost, block) in [(1, 6), (1, 64), (1, 6), (0, 6)] {
            granted.push(store.decide(&[lease(cost, block)]).await.unwrap().granted);
        }
        assert_eq!(granted, [6, 4, 0, 0]);
        store.reset(&[lease(1, 0)]).await.unwrap();
        assert_eq!(store.decide(&[lease(8, 0)]).await.unwrap().granted, 8);
        let refused = store.decide(&[lease(3, 6)]).await.unwrap();
        assert_eq!((refused.granted, refused.rulings[0].fits()), (0, false));
        let standing = store.read(&[lease(1, 0)]).await.unwrap();
        assert_eq!(standing[0].remaining, 2, "a refusal consumes nothing");
    });
}

/// Gives back what was charged so long ago, when so many permits were missing of ten an hour.
async fn give_back(store: &RedisStore, ask: Ask<'_>, missing: u64, age_nanos: u64) {
    let at = Moment::from_nanos(HOUR);
    let charges = [Charge { at, full_at: at.saturating_add_nanos(missing * HOUR / 10) }];
    store.give_back(&[ask], &charges, at.saturating_add_nanos(age_nanos)).await.unwrap();
}

#[test]
fn what_is_given_back_is_there_again_and_never_more() {
    const ALGORITHMS: [Algorithm; 5] = [
        Algorithm::Gcra,
        Algorithm::TokenBucket,
        Algorithm::SlidingWindow,
        Algorithm::SlidingLog,
        Algorithm::FixedWindow,
    ];
    const TEN: &[Rate] = &[Rate::new("default", 10, HOUR)];
    let store = store(Sharing::On);
    RUNTIME.block_on(async {
        for algorithm in ALGORITHMS {
            let ask = |cost| Ask { algorithm, ..ask("ada", cost, TEN) };
            let remaining = async || store.read(&[ask(0)]).await.unwrap()[0].remaining;
            assert_eq!(remaining().await, 10, "{algorithm:?}");
            give_back(&store, ask(3), 10, 0).await;
            assert_eq!(remaining().await, 10, "{algorithm:?}: of nothing");
            assert!(admits(&store, ask(4)).await.unwrap());
            give_back(&store, ask(3), 4, 1_000).await;
            assert_eq!(remaining().await, 9, "{algorithm:?}");
            give_back(&store, ask(9), 4, 1_000).await;
            assert_eq!(remaining().await, 10, "{algorithm:?}: more than there was");
            assert!(admits(&store, ask(10)).await.unwrap());
            assert!(!admits(&store, ask(1)).await.unwrap());
            give_back(&store, ask(5), 10, 3 * HOUR).await;
            assert_eq!(remaining().await, 0, "{algorithm:?}: what has gone");
            store.reset(&[ask(1)]).await.unwrap();
            assert_eq!(remaining().await, 10, "{algorithm:?}");
        }
    });
}

#[test]
fn a_budget_is_the_same_whoever_is_asked_along_with_it() {
    const FIVE: &[Rate] = &[Rate::new("default", 5, HOUR)];
    const TEN: &[Rate] = &[Rate::new("default", 10, HOUR), Rate::new("day", 50, 24 * HOUR)];
    for algorithm in [Algorithm::Gcra, Algorithm::TokenBucket] {
        let store = store(Sharing::Off);
        let five = |cost| Ask { algorithm, ..ask("ada", cost, FIVE) };
        let ten = |cost| Ask { algorithm, scope: Scope::new(1), ..ask("all", cost, TEN) };
        RUNTIME.block_on(async {
            // By itself, with others, and where all algorithms are known, because nothing is charged of one.
            assert!(admits(&store, five(1)).await.unwrap());
            for asks in [[five(1), ten(1)], [ten(2), five(1)], [five(1), ten(0)]] {
                let decision = store.decide(&asks).await.unwrap();
                assert!(decision.rulings.iter().all(Ruling::fits), "{algorithm:?}");
                assert_eq!(decision.granted, asks[0].cost);
            }
            let standings = store.read(&[five(1), ten(1)]).await.unwrap();
            let remaining: Vec<_> = standings.into_iter().map(|standing| standing.remaining).collect();
            assert_eq!(remaining, [1, 7, 47], "{algorithm:?}");
        });
    }
}

#[test]
fn what_is_refused_together_leaves_nothing_behind() {
    const ONE: &[Rate] = &[Rate::new("default", 1, HOUR)];
    const TWO: &[Rate] = &[Rate::new("hour", 2, HOUR), Rate::new("day", 3, 24 * HOUR)];
    let server = RedisServer::start();
    let keys = || server.command(&["KEYS", "*"]).list().len();
    let store = RedisStore::new(connect(&server, "own", PATIENT), Sharing::Off);
    let narrow = |shadow| Ask { shadow, scope: Scope::new(1), ..ask("all", 1, ONE) };
    RUNTIME.block_on(async {
        assert!(admits(&store, narrow(false)).await.unwrap());
        for _ in 0..3 {
            let refused = store.decide(&[ask("ada", 1, TWO), narrow(false)]).await.unwrap();
            assert_eq!(refused.granted, 0);
            assert_eq!([0, 1, 2].map(|place| refused.rulings[place].fits()), [true, true, false]);
            let remaining =
                |place: usize, rate| refused.rulings[place].standing(rate, Moment::ORIGIN).remaining;
            assert_eq!([remaining(0, &TWO[0]), remaining(1, &TWO[1]), remaining(2, &ONE[0])], [2, 3, 0]);
        }
        assert_eq!(keys(), 1);
        let tried = store.decide(&[ask("ada", 1, TWO), narrow(true)]).await.unwrap();
        assert_eq!((tried.granted, tried.rulings[2].fits()), (1, false));
        assert_eq!(keys(), 3);
        // A limit in trial that does not fit is charged by none of its rates.
        let two = |cost| Ask { shadow: true, ..ask("ada", cost, TWO) };
        let other = Ask { scope: Scope::new(1), ..ask("other", 1, ONE) };
        assert_eq!(store.decide(&[other, two(2)]).await.unwrap().granted, 1);
        let standings = store.read(&[two(1)]).await.unwrap();
        assert_eq!([standings[0].remaining, standings[1].remaining], [1, 2]);
    });
}

#[test]
fn every_key_has_a_time_to_live() {
    let server = RedisServer::start();
    let store = RedisStore::new(connect(&server, "own", PATIENT), Sharing::On);
    RUNTIME.block_on(async {
        const RATES: &[Rate] = &[Rate::new("10s", 30, 10 * SECOND), Rate::new("minute", 300, 60 * SECOND)];
        for algorithm in
            [Algorithm::Gcra, Algorithm::SlidingWindow, Algorithm::SlidingLog, Algorithm::FixedWindow]
        {
            for key in ["ada", "bob"] {
                for cost in [1, 2, 31, 0] {
                    let lease = cost * 2;
                    for rates in [RATES, &RATES[..1]] {
                        let ask = Ask { algorithm, lease, ..ask(key, cost, rates) };
                        store.decide(std::slice::from_ref(&ask)).await.unwrap();
                        if cost == 2 {
                            let at = Moment::from_nanos(HOUR);
                            let charge = Charge { at, full_at: at.saturating_add_nanos(SECOND) };
                            store.give_back(&[Ask { cost: 1, ..ask }], &[charge; 2], at).await.unwrap();
                        }
                    }
                }
            }
        }
    });
    let keys = server.command(&["KEYS", "*"]);
    assert_eq!(keys.list().len(), 16, "{keys:?}");
    for key in keys.list() {
        let left = server.command(&["PTTL", key.text()]).number();
        assert!((1..=121_000).contains(&left), "{left} ms for {key:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// One call for many decisions makes them as memory does, one after another.
    #[test]
    fn shared_calls_decide_as_memory_does(
        calls in prop::collection::vec((0_u64..400_000, prop::collection::vec((0_usize..4, 1_u32..4), 1..12)), 1..20),
    ) {
        const RATES: [Rate; 4] = [
            Rate::new("default", 5, SECOND),
            Rate::new("default", 1, SECOND / 2).burst(3),
            Rate::new("default", 3, 21_000),
            Rate::new("default", 3, 60 * SECOND),
        ];
        let (redis, memory) = (connect(&SERVER, &namespace(), PATIENT), Memory::new(1_000));
        let mut micros = 1_000_000_000;
        for (passed, asks) in calls {
            micros += passed;
            let questions: Vec<_> = asks
                .iter()
                .map(|(limit, cost)| {
                    let mut terms = Terms::new(Algorithm::Gcra, &RATES[*limit]);
                    terms.ttl += 600_000;
                    Question { name: format!("{}:{limit}", redis.namespace()), terms, cost: *cost }
                })
                .collect();
            let answers = RUNTIME.block_on(ask_together(&redis, &questions, redis.deadline(), Some(micros)));
            prop_assert_eq!(answers.len(), questions.len());
            for ((ahead, question), (limit, cost)) in answers.into_iter().zip(&questions).zip(asks) {
                let rates = &RATES[limit..=limit];
                let scope = Scope::new(u32::try_from(limit).unwrap());
                let ask = Ask { cost, ..Ask::new(scope, Key::EVERYONE, rates) };
                let now = Moment::from_nanos(micros * 1_000);
                let expected = memory.decide(&[ask], now).unwrap()[0];
                let ruling = question.terms.ruling_by_moment(ahead, cost);
                prop_assert_eq!(ruling.verdict, expected.verdict);
                prop_assert_eq!(ruling.standing(&rates[0], now), expected.standing(&rates[0], now));
            }
        }
    }
}
