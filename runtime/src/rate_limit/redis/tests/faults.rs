//! What goes wrong with servers.

use super::*;
use crate::core::Clock;

const FIVE_AN_HOUR: &[Rate] = &[Rate::new("default", 5, HOUR)];
const MANY: &[Rate] = &[Rate::new("default", 1_000_000, HOUR)];
const TIMEOUT: Duration = Duration::from_millis(100);

fn own(server: &RedisServer) -> RedisStore {
    RedisStore::new(connect(server, "own", TIMEOUT), Sharing::On)
}

/// Asks until there is an answer, for half a minute at most, and says what it was.
pub(super) async fn comes_back(store: &RedisStore, question: &Ask<'_>) -> bool {
    let clock = SystemClock::new();
    for _ in 0..3_000 {
        if let Ok(admitted) = admits(store, question.clone()).await {
            return admitted;
        }
        clock.sleep_until(clock.now().saturating_add(Duration::from_millis(10))).await;
    }
    panic!("waited for half a minute, in vain");
}

/// Asks until there is none.
async fn goes_away(store: &RedisStore) {
    for _ in 0..100 {
        if admits(store, ask("somebody", 1, MANY)).await.is_err() {
            return;
        }
    }
    panic!("answers never ended");
}

#[test]
fn a_script_that_was_flushed_is_taught_again_without_a_failure() {
    let server = RedisServer::start();
    let store = RedisStore::new(connect(&server, "own", PATIENT), Sharing::Off);
    RUNTIME.block_on(async {
        for admitted in [true, true, true, true, true, false] {
            assert_eq!(admits(&store, ask("ada", 1, FIVE_AN_HOUR)).await.unwrap(), admitted);
            server.command(&["SCRIPT", "FLUSH"]);
        }
    });
}

#[test]
fn a_server_that_was_killed_is_away_at_once_and_back_with_empty_data() {
    let server = RedisServer::start();
    let store = own(&server);
    RUNTIME.block_on(async {
        assert!(comes_back(&store, &ask("ada", 5, FIVE_AN_HOUR)).await);
        assert!(!comes_back(&store, &ask("ada", 1, FIVE_AN_HOUR)).await);
        server.kill();
        goes_away(&store).await;
        let clock = SystemClock::new();
        let begun = clock.now();
        for _ in 0..1_000 {
            assert!(admits(&store, ask("ada", 1, FIVE_AN_HOUR)).await.is_err());
        }
        let per_call = clock.now().nanos_since(begun) / 1_000;
        assert!(per_call < 5_000_000, "{per_call} ns for each call while it is away");
        server.start_again();
        assert!(comes_back(&store, &ask("ada", 5, FIVE_AN_HOUR)).await, "nothing is left of what it knew");
        assert!(!comes_back(&store, &ask("ada", 1, FIVE_AN_HOUR)).await);
    });
}

#[test]
fn a_server_that_hangs_is_away_after_a_few_calls_and_back_when_it_answers() {
    let server = RedisServer::start();
    let store = own(&server);
    RUNTIME.block_on(async {
        assert!(comes_back(&store, &ask("ada", 1, MANY)).await);
        server.stop();
        let clock = SystemClock::new();
        let begun = clock.now();
        for _ in 0..1_000 {
            assert!(admits(&store, ask("ada", 1, MANY)).await.is_err());
        }
        let took = Duration::from_nanos(clock.now().nanos_since(begun));
        assert!(took < TIMEOUT * 20, "{took:?} for a thousand calls, of which three wait");
        server.resume();
        assert!(comes_back(&store, &ask("ada", 1, MANY)).await);
    });
}

#[test]
fn a_full_server_refuses_and_is_not_away() {
    let server = RedisServer::start_with(&[("maxmemory", "1"), ("maxmemory-policy", "noeviction")]);
    let store = RedisStore::new(connect(&server, "own", PATIENT), Sharing::On);
    let two: &[Rate] = &[Rate::new("second", 5, SECOND), Rate::new("hour", 50, HOUR)];
    RUNTIME.block_on(async {
        for _ in 0..10 {
            assert!(admits(&store, ask("ada", 1, FIVE_AN_HOUR)).await.is_err());
            assert!(admits(&store, ask("ada", 1, two)).await.is_err());
        }
        assert_eq!(server.command(&["DBSIZE"]).number(), 0, "nothing was half written");
        server.command(&["CONFIG", "SET", "maxmemory", "0"]);
        assert!(
            admits(&store, ask("ada", 5, FIVE_AN_HOUR)).await.unwrap(),
            "at once, and nothing was charged"
        );
        assert!(admits(&store, ask("ada", 5, two)).await.unwrap());
    });
}

#[test]
fn a_connection_that_is_killed_is_made_anew() {
    let server = RedisServer::start();
    let store = RedisStore::new(connect(&server, "own", PATIENT), Sharing::On);
    RUNTIME.block_on(async {
        for _ in 0..5 {
            assert!(comes_back(&store, &ask("ada", 1, MANY)).await);
            server.command(&["CLIENT", "KILL", "TYPE", "normal"]);
        }
        assert!(comes_back(&store, &ask("ada", 1, MANY)).await);
    });
}

#[test]
fn a_server_that_became_a_replica_is_left() {
    let server = RedisServer::start();
    let store = own(&server);
    RUNTIME.block_on(async {
        assert!(comes_back(&store, &ask("ada", 1, MANY)).await);
        server.command(&["REPLICAOF", "127.0.0.1", "1"]);
        goes_away(&store).await;
        server.command(&["REPLICAOF", "NO", "ONE"]);
        assert!(comes_back(&store, &ask("ada", 1, MANY)).await);
    });
}

#[test]
fn without_a_server_calls_fail_and_nothing_hangs() {
    let settings =
        Settings { url: "redis://127.0.0.1:1".to_owned(), namespace: namespace(), timeout: TIMEOUT };
    let redis = Redis::new(&settings, Arc::new(SystemClock::new())).unwrap();
    let store = RedisStore::new(redis, Sharing::On);
    RUNTIME.block_on(async {
        for _ in 0..100 {
            assert!(admits(&store, ask("ada", 1, MANY)).await.is_err());
        }
    });
}

#[test]
fn a_runtime_that_ends_takes_the_connection_along_and_the_next_one_makes_its_own() {
    let store = store(Sharing::On);
    for _ in 0..3 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert!(runtime.block_on(comes_back(&store, &ask("ada", 1, MANY))));
    }
}

#[test]
fn the_last_clone_takes_the_connection_along() {
    let server = RedisServer::start();
    let connections = || {
        let list = server.command(&["CLIENT", "LIST", "TYPE", "normal"]);
        list.text().lines().count()
    };
    let before = connections();
    let store = RedisStore::new(connect(&server, "own", PATIENT), Sharing::On);
    RUNTIME.block_on(async {
        assert!(admits(&store, ask("ada", 1, MANY)).await.unwrap());
        assert_eq!(connections(), before + 1);
        drop(store);
        let clock = SystemClock::new();
        for _ in 0..1_000 {
            if connections() == before {
                return;
            }
            clock.sleep_until(clock.now().saturating_add(Duration::from_millis(10))).await;
        }
        panic!("the connection is still there");
    });
}
