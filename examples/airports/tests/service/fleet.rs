//! Two processes of the service on one Redis and one database.

use std::fs;
use std::path::Path;

use tollgate::{Clock, SystemClock};
use tollgate_servers::{RedisServer, wait_until};

use crate::program::Program;

/// The files of a database, which go with this.
struct Database(String);

impl Database {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-{name}.db", std::process::id()));
        Self(path.to_str().unwrap().to_owned())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{}{suffix}", self.0));
        }
    }
}

fn two(redis: &str, database: &Database) -> [Program; 2] {
    let start = || Program::start(&["--db", &database.0, "--redis", redis, "--limits", "off"], &[]);
    [start(), start()]
}

fn is_hit(answer: &str) -> bool {
    answer.contains("cache-status: tollgate; hit")
}

const PATHS: [&str; 3] = ["/airports/CDG", "/airports/nearest?lat=49&lon=2.5", "/distance/CDG/JFK"];

#[test]
fn a_change_on_one_is_seen_on_the_other_within_a_second() {
    let (redis, database) = (RedisServer::start(), Database::new("changes"));
    let [one, other] = two(&redis.url(), &database);
    for path in &PATHS[..2] {
        for program in [&one, &other] {
            wait_until("a hit in the memory of each", || is_hit(&program.get(path)));
        }
    }
    assert!(other.get(PATHS[2]).contains("Charles de Gaulle International Airport"));
    let clock = SystemClock::new();
    for (round, name) in ["Roissy", "Aéroport", "Paris-CDG"].into_iter().enumerate() {
        let (changing, looking) = if round % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let changed = changing.patch("/airports/CDG", &format!(r#"{{"name":"{name}"}}"#));
        assert!(changed.starts_with("HTTP/1.1 200 "), "{changed}");
        let begun = clock.now();
        for path in PATHS {
            // The one that was asked knows at once.
            assert!(changing.get(path).contains(name), "{path} where {name} was written");
            wait_until("the change on the other", || looking.get(path).contains(name));
        }
        let took = clock.now().nanos_since(begun);
        assert!(took < 1_000_000_000, "it took {took} ns until {name} was seen");
    }
}

#[test]
fn what_one_has_looked_up_is_a_hit_on_the_other() {
    let (redis, database) = (RedisServer::start(), Database::new("hits"));
    let [one, other] = two(&redis.url(), &database);
    let mut codes = ["JFK", "LHR", "ORY", "FRA", "MUC", "AMS", "ZRH", "VIE", "MAD", "FCO"].iter().cycle();
    wait_until("a first request that is a hit", || {
        let path = format!("/airports/{}", codes.next().unwrap());
        // Keeping it for the others is done in the background: the second request gives it time.
        one.get(&path);
        one.get(&path);
        is_hit(&other.get(&path))
    });
}

#[test]
fn without_the_server_each_goes_on_with_its_memory() {
    let (redis, database) = (RedisServer::start(), Database::new("away"));
    let [one, _other] = two(&redis.url(), &database);
    wait_until("a hit", || is_hit(&one.get("/airports/CDG")));
    redis.kill();
    assert!(is_hit(&one.get("/airports/CDG")));
    let changed = one.patch("/airports/CDG", r#"{"name":"Roissy"}"#);
    assert!(changed.starts_with("HTTP/1.1 200 "), "a store that is away refuses no change: {changed}");
    assert!(one.get("/airports/CDG").contains("Roissy"));
    wait_until("a hit without the server", || is_hit(&one.get("/airports/CDG")));
    let errors = "tollgate_store_errors_total{store=\"redis\"} ";
    let metrics = one.get("/metrics");
    let line = metrics.lines().find_map(|line| line.strip_prefix(errors)).unwrap();
    assert!(line.parse::<u64>().unwrap() > 0, "{line}");
}
