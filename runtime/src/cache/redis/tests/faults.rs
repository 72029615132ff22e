//! What goes wrong with servers.

use super::*;
use crate::core::Clock;

fn took(work: impl FnOnce()) -> Duration {
    let clock = SystemClock::new();
    let begun = clock.now();
    work();
    Duration::from_nanos(clock.now().nanos_since(begun))
}

fn comes_back(cache: &RedisCache) {
    wait_until("an answer", || look(cache, "nothing", &[]).is_ok());
}

/// Asks until there is no answer.
fn goes_away(cache: &RedisCache) {
    wait_until("no answer", || look(cache, "nothing", &[]).is_err());
}

#[test]
fn a_server_that_was_killed_is_away_at_once_and_knows_nothing_when_it_is_back() {
    let (server, marks) = (RedisServer::start(), [Mark::tag("a")]);
    let cache = connect(server.url(), "own", SHORT);
    comes_back(&cache);
    keep(&cache, "one", &marks, &entry(b"x")).unwrap();
    let versions = look(&cache, "one", &marks).unwrap().versions;
    server.kill();
    goes_away(&cache);
    let all = took(|| {
        for _ in 0..1_000 {
            assert!(look(&cache, "one", &marks).is_err());
            let (found, marks_then) = (entry(b"x"), [(marks[0], versions[0])]);
            assert!(RUNTIME.block_on(cache.keep("one", &found, &marks_then)).is_err());
            assert!(invalidate(&cache, &marks).is_err());
            assert!(RUNTIME.block_on(cache.lease("one", 1, PATIENT)).is_err());
        }
    });
    assert!(all < PATIENT, "{all:?} for four thousand calls while it is away");
    server.start_again();
    comes_back(&cache);
    assert_eq!(look(&cache, "one", &marks).unwrap().found, None);
    keep(&cache, "one", &marks, &entry(b"y")).unwrap();
    assert_eq!(payload(look(&cache, "one", &marks).unwrap()).unwrap(), b"y");
}

#[test]
fn a_server_that_is_killed_between_read_and_write_loses_the_entry_alone() {
    let (server, marks) = (RedisServer::start(), [Mark::tag("a")]);
    let cache = connect(server.url(), "own", SHORT);
    comes_back(&cache);
    let versions = look(&cache, "one", &marks).unwrap().versions;
    server.kill();
    assert!(RUNTIME.block_on(cache.keep("one", &entry(b"x"), &[(marks[0], versions[0])])).is_err());
    server.start_again();
    comes_back(&cache);
    assert_eq!(look(&cache, "one", &marks).unwrap().found, None);
}

#[test]
fn what_is_purged_while_the_server_hangs_is_told_before_it_is_believed_again() {
    let (server, marks) = (RedisServer::start(), [Mark::tag("a")]);
    let (cache, other) = (connect(server.url(), "own", SHORT), connect(server.url(), "own", PATIENT));
    comes_back(&cache);
    keep(&cache, "one", &marks, &entry(b"old")).unwrap();
    assert_eq!(payload(look(&other, "one", &marks).unwrap()).unwrap(), b"old");
    let ear = Ear::at(&other);
    ear.wait_for_connection(1);
    // Not even sent: the client is cut off, and the port is closed to new ones by a server that hangs.
    server.stop();
    goes_away(&cache);
    let one = took(|| assert!(invalidate(&cache, &marks).is_err()));
    assert!(one < SHORT * 2, "{one:?}");
    server.resume();
    wait_until("an answer", || match look(&cache, "one", &marks) {
        Ok(looked) => {
            assert_eq!(looked.found, None, "what was purged here is believed again");
            true
        }
        Err(Unavailable) => false,
    });
    assert_eq!(look(&other, "one", &marks).unwrap().found, None);
    wait_until("a message", || ear.marks().contains(&marks[0]));
}

#[test]
fn what_was_purged_in_an_outage_is_told_without_anybody_asking() {
    let (server, marks) = (RedisServer::start(), [Mark::tag("a")]);
    let (cache, other) = (connect(server.url(), "own", SHORT), connect(server.url(), "own", PATIENT));
    comes_back(&cache);
    Ear::at(&cache).wait_for_connection(1);
    keep(&other, "one", &marks, &entry(b"old")).unwrap();
    server.stop();
    goes_away(&cache);
    assert!(invalidate(&cache, &marks).is_err());
    server.resume();
    wait_until("news of the purge", || {
        look(&other, "one", &marks).is_ok_and(|looked| looked.found.is_none())
    });
}

#[test]
fn a_purge_whose_caller_leaves_is_told_later() {
    let (server, marks) = (RedisServer::start(), [Mark::tag("a")]);
    let cache = connect(server.url(), "own", PATIENT);
    comes_back(&cache);
    keep(&cache, "one", &marks, &entry(b"old")).unwrap();
    server.stop();
    {
        let mut purge = cache.invalidate(&marks);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let _runtime = RUNTIME.enter();
        assert!(purge.as_mut().poll(&mut context).is_pending());
    }
    server.resume();
    assert_eq!(look(&cache, "one", &marks).unwrap().found, None);
}

#[test]
fn foreign_values_are_no_entries_and_are_overwritten() {
    let (server, marks) = (RedisServer::start(), [Mark::tag("a")]);
    let cache = connect(server.url(), "own", PATIENT);
    let mark = names::mark("own", &marks[0]);
    let foreign: [&[&str]; 7] = [
        &["SET", "own:c:one", "foreign", "PX", "60000"],
        &["SET", "own:c:one", "tgc\u{1}", "PX", "60000"],
        &["SET", "own:c:one", "", "PX", "60000"],
        &["SET", "own:c:one", "without an end"],
        &["RPUSH", "own:c:one", "a", "list"],
        &["HSET", "own:c:one", "a", "hash"],
        &["SETRANGE", "own:c:one", "20000000", "large"],
    ];
    for words in foreign {
        server.command(&["DEL", "own:c:one"]);
        assert!(!server.command(words).is_error());
        assert_eq!(look(&cache, "one", &marks).unwrap().found, None, "{words:?}");
        keep(&cache, "one", &marks, &entry(b"x")).unwrap();
        assert_eq!(payload(look(&cache, "one", &marks).unwrap()).unwrap(), b"x");
    }
    // An entry under another name, or kept for ever, is none either.
    server.command(&["COPY", "own:c:one", "own:c:two"]);
    assert_eq!(look(&cache, "two", &marks).unwrap().found, None);
    server.command(&["PERSIST", "own:c:one"]);
    assert_eq!(look(&cache, "one", &marks).unwrap().found, None);
    keep(&cache, "one", &marks, &entry(b"x")).unwrap();
    for words in [&["SET", &mark, "foreign"][..], &["RPUSH", &mark, "a"], &["SET", &mark, ""]] {
        server.command(&["DEL", &mark]);
        keep(&cache, "one", &marks, &entry(b"x")).unwrap();
        server.command(words);
        let looked = look(&cache, "one", &marks).unwrap();
        assert!(looked.found.is_none() && looked.versions[0] != 0, "{words:?}");
        keep(&cache, "one", &marks, &entry(b"y")).unwrap();
        assert_eq!(payload(look(&cache, "one", &marks).unwrap()).unwrap(), b"y");
        invalidate(&cache, &marks).unwrap();
        assert_eq!(look(&cache, "one", &marks).unwrap().found, None);
    }
    server.command(&["RPUSH", "own:l:one", "a"]);
    assert!(!RUNTIME.block_on(cache.lease("one", 1, PATIENT)).unwrap());
    RUNTIME.block_on(cache.release("one", 1)).unwrap();
}

#[test]
fn a_full_server_keeps_nothing_and_a_purge_is_told_once_there_is_room() {
    let (server, marks) = (RedisServer::start(), [Mark::tag("a")]);
    let cache = connect(server.url(), "own", PATIENT);
    keep(&cache, "one", &marks, &entry(b"old")).unwrap();
    server.command(&["CONFIG", "SET", "maxmemory-policy", "noeviction"]);
    server.command(&["CONFIG", "SET", "maxmemory", "1"]);
    assert!(look(&cache, "one", &marks).unwrap().found.is_some(), "reading goes on");
    assert!(keep(&cache, "two", &marks, &entry(b"x")).is_err());
    assert!(invalidate(&cache, &marks).is_err());
    assert!(look(&cache, "one", &marks).is_err(), "what was purged is not served");
    server.command(&["CONFIG", "SET", "maxmemory", "0"]);
    assert_eq!(look(&cache, "one", &marks).unwrap().found, None);
    keep(&cache, "one", &marks, &entry(b"x")).unwrap();
}

#[test]
fn connections_that_are_killed_are_made_anew() {
    let server = RedisServer::start();
    let cache = connect(server.url(), "own", PATIENT);
    for _ in 0..5 {
        comes_back(&cache);
        keep(&cache, "one", &[], &entry(b"x")).unwrap();
        server.command(&["CLIENT", "KILL", "TYPE", "normal"]);
    }
    comes_back(&cache);
    assert!(look(&cache, "one", &[]).unwrap().found.is_some());
}

#[test]
fn with_a_wrong_password_nothing_is_kept_and_nothing_hangs() {
    let server = RedisServer::start();
    server.command(&["CONFIG", "SET", "requirepass", "right"]);
    let url = |password: &str| format!("redis://:{password}@127.0.0.1:{}", server.port());
    let wrong = connect(url("wrong"), "own", SHORT);
    let ear = Ear::at(&wrong);
    let all = took(|| {
        for _ in 0..100 {
            assert!(look(&wrong, "one", &[]).is_err() && invalidate(&wrong, &[Mark::ALL]).is_err());
        }
    });
    assert!(all < PATIENT && ear.missed() == 0, "{all:?}");
    let right = connect(url("right"), "own", SHORT);
    comes_back(&right);
}
