//! Several runtimes, of which some are kept and not driven.

use super::*;
use crate::backend::within;
use crate::core::Clock;

const MANY: &[Rate] = &[Rate::new("default", 1_000_000, HOUR)];
const TIMEOUT: Duration = Duration::from_millis(300);

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Asks so many times at once, and counts the answers; each call ends, with or without one.
async fn answers(store: &Arc<RedisStore>, calls: usize) -> usize {
    let clock = SystemClock::new();
    let patience = clock.now().saturating_add(TIMEOUT * 40);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..calls {
        let store = Arc::clone(store);
        tasks.spawn(async move { admits(&store, ask("ada", 1, MANY)).await.is_ok() });
    }
    let all = within(&clock, patience, tasks.join_all()).await.expect("a call that never ends");
    all.into_iter().filter(|is_answered| *is_answered).count()
}

#[test]
fn shared_calls_of_a_runtime_that_nobody_drives_hold_nobody_up() {
    let store = Arc::new(RedisStore::new(connect(&SERVER, &namespace(), TIMEOUT), Sharing::On));
    let all_in_the_end = |runtime: &Runtime| {
        assert!((0..20).any(|_| runtime.block_on(answers(&store, 40)) == 40), "answers never came");
    };
    // The connection is one that goes on.
    assert!((0..20).any(|_| RUNTIME.block_on(answers(&store, 1)) == 1));
    let (idle, driven) = (runtime(), runtime());
    all_in_the_end(&idle);
    all_in_the_end(&driven);
    all_in_the_end(&idle);
}

#[test]
fn a_connection_of_a_runtime_that_nobody_drives_is_made_anew_on_another() {
    let store = Arc::new(RedisStore::new(connect(&SERVER, &namespace(), TIMEOUT), Sharing::Off));
    let (idle, driven) = (runtime(), runtime());
    assert!((0..20).any(|_| idle.block_on(answers(&store, 1)) == 1));
    driven.block_on(faults::comes_back(&store, &ask("ada", 1, MANY)));
    assert_eq!(driven.block_on(answers(&store, 10)), 10);
    drop(idle);
}
