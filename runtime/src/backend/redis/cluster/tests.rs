//! Against a real cluster of three masters with a replica each.

use std::ops::Deref;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard};
use std::task::{Context, Waker};

use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tollgate_servers::{RedisCluster, RedisServer, wait_until};

use super::super::{Redis, Servers, Settings};
use super::*;
use crate::backend::SystemClock;

static INCR: Script = Script::new("return redis.call('INCR', KEYS[1])");
static INCR_ALL: Script = Script::new(
    "local sum = 0 for _, key in ipairs(KEYS) do sum = sum + redis.call('INCR', key) end return sum",
);
/// Admits as many as `ARGV[1]`.
static ADMIT: Script = Script::new(
    "if redis.call('INCR', KEYS[1]) <= tonumber(ARGV[1]) then return 1 end redis.call('DECR', KEYS[1]) return 0",
);

/// Where connections live while tests block.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});

/// Long enough for a machine that does much else.
const PATIENT: Duration = Duration::from_secs(5);
/// As in production, but for that machine.
const SHORT: Duration = Duration::from_millis(300);

/// One cluster for all tests, one after another; each leaves it well, or the next one starts another.
struct Shared(MutexGuard<'static, Option<RedisCluster>>);

impl Shared {
    fn new() -> Self {
        static CLUSTER: Mutex<Option<RedisCluster>> = Mutex::new(None);
        let mut cluster = CLUSTER.lock().unwrap_or_else(|poisoned| {
            CLUSTER.clear_poison();
            let mut cluster = poisoned.into_inner();
            *cluster = None;
            cluster
        });
        // What is left goes on where a master is lost.
        cluster.get_or_insert_with(|| RedisCluster::start_with(&[("cluster-require-full-coverage", "no")]));
        Self(cluster)
    }
}

impl Deref for Shared {
    type Target = RedisCluster;

    fn deref(&self) -> &RedisCluster {
        self.0.as_ref().unwrap()
    }
}

fn connect(urls: &[String], timeout: Duration) -> Redis {
    let settings = Settings { url: urls[0].clone(), namespace: "test".to_owned(), timeout };
    Redis::cluster(&settings, &urls[1..], Arc::new(SystemClock::new())).unwrap()
}

/// A key that no other test has, in a slot of its own.
fn new_key() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{{key{}}}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// One whose slot is in that third, which is the shard that has it when the cluster starts.
fn key_in(shard: usize) -> String {
    let third = |key: &String| usize::from(slot_of(key)) * 3 / usize::from(slot::SLOTS);
    std::iter::repeat_with(new_key).find(|key| third(key) == shard).unwrap()
}

static NOW: LazyLock<SystemClock> = LazyLock::new(SystemClock::new);

fn since(begun: Moment) -> Duration {
    Duration::from_nanos(NOW.now().nanos_since(begun))
}

async fn eval(redis: &Redis, script: &'static Script, keys: &[String]) -> Result<i64, Failure> {
    match redis.eval(script, keys, &[Arg::Number(5)], redis.deadline()).await? {
        Value::Int(number) => Ok(number),
        other => panic!("{other:?}"),
    }
}

async fn incr(redis: &Redis, key: &str) -> Result<i64, Failure> {
    eval(redis, &INCR, &[key.to_owned()]).await
}

/// Asks until there is an answer; every single question ends in time.
fn incr_in_the_end(redis: &Redis, key: &str, timeout: Duration) {
    wait_until("an answer", || {
        let begun = NOW.now();
        let answer = RUNTIME.block_on(incr(redis, key));
        assert!(since(begun) < timeout + Duration::from_secs(1), "{answer:?} took {:?}", since(begun));
        answer.is_ok()
    });
}

#[test]
fn calls_go_to_all_masters_and_one_url_is_enough() {
    let cluster = Shared::new();
    let redis = connect(&cluster.urls()[4..5], PATIENT);
    for shard in 0..cluster.shards() {
        let key = key_in(shard);
        assert_eq!(RUNTIME.block_on(incr(&redis, &key)).unwrap(), 1);
        assert_eq!(cluster.master(shard).command(&["GET", &key]).number(), 1);
    }
}

#[test]
fn a_runtime_that_nobody_drives_keeps_nobody_from_looking_up() {
    let cluster = Shared::new();
    let redis = connect(&cluster.urls(), SHORT);
    let idle = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    {
        // It begins the first round, and does not go on.
        let _entered = idle.enter();
        let mut first = pin!(incr(&redis, "first"));
        assert!(first.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    incr_in_the_end(&redis, &new_key(), SHORT);
    drop(idle);
}

#[test]
fn keys_of_one_slot_are_one_call_and_keys_of_several_are_refused() {
    let cluster = Shared::new();
    let redis = connect(&cluster.urls(), PATIENT);
    let key = new_key();
    let together = [format!("{key}a"), format!("{key}b"), format!("{key}c")];
    assert_eq!(RUNTIME.block_on(eval(&redis, &INCR_ALL, &together)).unwrap(), 3);
    let apart = [key_in(0), key_in(1)];
    let refused = RUNTIME.block_on(eval(&redis, &INCR_ALL, &apart)).unwrap_err();
    assert!(refused.to_string().contains("CrossSlot"), "{refused}");
}

#[test]
fn scripts_are_taught_again_where_they_were_forgotten() {
    let cluster = Shared::new();
    let redis = connect(&cluster.urls(), PATIENT);
    let keys: Vec<_> = (0..cluster.shards()).map(key_in).collect();
    for expected in 1..=3 {
        for key in &keys {
            assert_eq!(RUNTIME.block_on(incr(&redis, key)).unwrap(), expected);
        }
        for shard in 0..cluster.shards() {
            cluster.master(shard).command(&["SCRIPT", "FLUSH"]);
        }
    }
}

#[test]
fn a_dead_url_is_passed_over() {
    let cluster = Shared::new();
    let dead = RedisServer::start();
    let url = dead.url();
    drop(dead);
    let redis = connect(&[url, cluster.urls()[2].clone()], PATIENT);
    assert_eq!(RUNTIME.block_on(incr(&redis, &new_key())).unwrap(), 1);
}

#[test]
fn without_anybody_calls_fail_in_time_and_then_at_once() {
    let server = RedisServer::start(); // which is in no cluster
    let alone = connect(&[server.url()], SHORT);
    assert!(RUNTIME.block_on(incr(&alone, "key")).is_err());
    server.kill();
    let nobody = connect(&[server.url()], SHORT);
    for redis in [alone, nobody] {
        assert!(RUNTIME.block_on(incr(&redis, "key")).is_err());
        let begun = NOW.now();
        for _ in 0..100 {
            assert!(RUNTIME.block_on(incr(&redis, "key")).is_err());
        }
        assert!(since(begun) < SHORT * 20, "{:?}", since(begun));
    }
}

#[test]
fn a_master_that_is_lost_fails_its_own_calls_alone_until_its_replica_took_over() {
    let cluster = Shared::new();
    let redis = connect(&cluster.urls(), PATIENT);
    let keys: Vec<_> = (0..cluster.shards()).map(key_in).collect();
    for key in &keys {
        incr_in_the_end(&redis, key, PATIENT);
    }
    let is_over = AtomicBool::new(false);
    let dead = std::thread::scope(|scope| {
        let others = scope.spawn(|| {
            let mut calls = 0;
            while !is_over.load(Ordering::Relaxed) || calls < 100 {
                for key in &keys[1..] {
                    RUNTIME.block_on(incr(&redis, key)).unwrap();
                    calls += 1;
                }
                let _ = RUNTIME.block_on(incr(&redis, &keys[0]));
            }
        });
        let dead = cluster.fail_over(0);
        is_over.store(true, Ordering::Relaxed);
        others.join().unwrap();
        dead
    });
    incr_in_the_end(&redis, &keys[0], PATIENT);
    cluster.bring_back(dead);
    assert!(RUNTIME.block_on(incr(&redis, &keys[0])).is_ok());
}

#[test]
fn a_failover_while_nobody_asked_costs_no_call() {
    let cluster = Shared::new();
    let redis = connect(&cluster.urls(), PATIENT);
    let Servers::Cluster(Cluster { kept }) = &redis.servers else { panic!("{redis:?}") };
    let key = key_in(1);
    assert_eq!(RUNTIME.block_on(incr(&redis, &key)).unwrap(), 1);
    let dead = cluster.fail_over(1);
    wait_until("an end of the connection that was noticed", || {
        kept.lookup.was_quiet() && format!("{redis:?}").contains("Away")
    });
    assert!(RUNTIME.block_on(incr(&redis, &key)).is_ok());
    cluster.bring_back(dead);
}

#[test]
fn a_master_that_stands_still_is_soon_asked_no_more() {
    const TIMEOUT: Duration = Duration::from_secs(1);
    let cluster = Shared::new();
    let redis = connect(&cluster.urls(), TIMEOUT);
    let (key, other) = (key_in(2), key_in(0));
    incr_in_the_end(&redis, &key, TIMEOUT);
    incr_in_the_end(&redis, &other, TIMEOUT);
    let (still, replica) = (cluster.master(2), cluster.replica(2));
    still.stop();
    for _ in 0..3 {
        assert!(RUNTIME.block_on(incr(&redis, &key)).is_err());
        RUNTIME.block_on(incr(&redis, &other)).unwrap();
    }
    let begun = NOW.now();
    for _ in 0..20 {
        assert!(RUNTIME.block_on(incr(&redis, &key)).is_err());
        RUNTIME.block_on(incr(&redis, &other)).unwrap();
    }
    assert!(since(begun) < TIMEOUT * 5, "{:?}", since(begun));
    cluster.be_impatient();
    incr_in_the_end(&redis, &key, TIMEOUT);
    assert_eq!(replica.info("role"), "master");
    still.resume();
    cluster.be_patient();
    cluster.wait_until_well();
}

#[test]
fn no_call_is_lost_or_doubled_while_a_master_hands_over() {
    let cluster = Shared::new();
    let redis = connect(&cluster.urls(), PATIENT);
    let key = key_in(0);
    let is_over = AtomicBool::new(false);
    let calls = std::thread::scope(|scope| {
        let calls = scope.spawn(|| {
            let mut calls = 0;
            while !is_over.load(Ordering::Relaxed) || calls < 10 {
                RUNTIME.block_on(incr(&redis, &key)).unwrap();
                calls += 1;
            }
            calls
        });
        cluster.hand_over(0);
        is_over.store(true, Ordering::Relaxed);
        calls.join().unwrap()
    });
    assert_eq!(cluster.master(0).command(&["GET", &key]).number(), calls);
}

/// 100 questions at once, by four processes; tells how many were admitted.
fn a_hundred(processes: &[Redis], key: &str) -> i64 {
    RUNTIME.block_on(async {
        let mut questions = JoinSet::new();
        for redis in processes.iter().cycle().take(100) {
            let (redis, keys) = (redis.clone(), [key.to_owned()]);
            questions.spawn(async move { eval(&redis, &ADMIT, &keys).await.unwrap() });
        }
        questions.join_all().await.into_iter().sum()
    })
}

#[test]
fn five_of_a_hundred_are_admitted_wherever_the_slot_is_on_its_way() {
    let cluster = Shared::new();
    let processes: Vec<_> = (0..4).map(|_| connect(&cluster.urls(), PATIENT)).collect();
    let (mut from, mut to) = (0, 1);
    let tag = key_in(from);
    let slot = slot_of(&tag);
    let key = |name: &str, round| format!("{tag}{name}{round}");
    for round in 0..4 {
        assert_eq!(a_hundred(&processes, &key("before", round)), 5);
        cluster.begin_moving(slot, from, to);
        assert_eq!(a_hundred(&processes, &key("before", round)), 0, "it is still here");
        assert_eq!(a_hundred(&processes, &key("midway", round)), 5, "a new one begins there");
        cluster.move_keys(slot, from, to);
        assert_eq!(a_hundred(&processes, &key("before", round)), 0, "it has gone there");
        assert_eq!(a_hundred(&processes, &key("midway", round)), 0);
        cluster.end_moving(slot, from, to);
        for name in ["before", "midway"] {
            assert_eq!(a_hundred(&processes, &key(name, round)), 0);
        }
        (from, to) = (to, from);
    }
}

#[test]
fn five_of_a_hundred_are_admitted_while_the_slot_moves() {
    let cluster = Shared::new();
    let processes: Vec<_> = (0..4).map(|_| connect(&cluster.urls(), PATIENT)).collect();
    let tag = key_in(1);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let moves = scope.spawn(|| {
            for _ in 0..5 {
                cluster.move_slot(slot_of(&tag), 1, 2);
                cluster.move_slot(slot_of(&tag), 2, 1);
            }
            is_over.store(true, Ordering::Relaxed);
        });
        let mut round = 0;
        while !is_over.load(Ordering::Relaxed) && !moves.is_finished() {
            assert_eq!(a_hundred(&processes, &format!("{tag}{round}")), 5);
            assert_eq!(a_hundred(&processes, &format!("{tag}{round}")), 0);
            round += 1;
        }
        moves.join().unwrap();
        assert!(round > 0);
    });
}

/// How often a node has put calls off.
fn refusals(node: &RedisServer) -> i64 {
    let info = node.command(&["INFO", "errorstats"]);
    let line = info.text().lines().find_map(|line| line.strip_prefix("errorstat_TRYAGAIN:count="));
    line.map_or(0, |count| count.parse().unwrap())
}

#[test]
fn keys_of_which_some_have_moved_are_waited_for() {
    let cluster = Shared::new();
    let redis = connect(&cluster.urls(), PATIENT);
    let tag = key_in(2);
    let slot = slot_of(&tag);
    let (here, there) = (format!("{tag}here"), format!("{tag}there"));
    assert_eq!(RUNTIME.block_on(incr(&redis, &here)).unwrap(), 1);
    cluster.begin_moving(slot, 2, 0);
    assert_eq!(RUNTIME.block_on(incr(&redis, &there)).unwrap(), 1, "a new one begins there");
    std::thread::scope(|scope| {
        let both = scope.spawn(|| RUNTIME.block_on(eval(&redis, &INCR_ALL, &[here, there])));
        wait_until("a call that was put off", || {
            refusals(cluster.master(2)) + refusals(cluster.master(0)) > 0
        });
        cluster.move_keys(slot, 2, 0);
        assert_eq!(both.join().unwrap().unwrap(), 4);
    });
    cluster.end_moving(slot, 2, 0);
    cluster.move_slot(slot, 0, 2);
}

#[test]
fn a_slot_that_nobody_has_is_waited_for_by_a_few_calls_alone() {
    let cluster = Shared::new();
    let redis = connect(&cluster.urls(), SHORT);
    let (key, other) = (key_in(0), key_in(0));
    incr_in_the_end(&redis, &key, SHORT);
    let slot = slot_of(&key).to_string();
    cluster.command_on_all(&["CLUSTER", "DELSLOTS", &slot]);
    let begun = NOW.now();
    for _ in 0..50 {
        assert!(RUNTIME.block_on(incr(&redis, &key)).is_err());
    }
    assert!(since(begun) < SHORT * 15, "{:?}", since(begun));
    assert!(RUNTIME.block_on(incr(&redis, &other)).is_ok());
    cluster.master(0).command(&["CLUSTER", "ADDSLOTS", &slot]);
    incr_in_the_end(&redis, &key, SHORT);
    cluster.wait_until_well();
}
