//! What is heard of other processes.

use super::*;

#[test]
fn a_purge_is_heard_by_everybody() {
    let namespace = namespace();
    let (one, other) = (shared(&namespace), shared(&namespace));
    let ears = [Ear::at(&one), Ear::at(&other)];
    for ear in &ears {
        ear.wait_for_connection(1);
    }
    let marks: Vec<_> = (0..1_000_u32).map(|number| Mark::tag(&number.to_string())).collect();
    invalidate(&one, &marks).unwrap();
    for ear in ears {
        wait_until("a message", || ear.marks().len() == marks.len());
        assert!(marks.iter().all(|mark| ear.marks().contains(mark)) && ear.missed() == 1);
    }
}

#[test]
fn other_services_are_not_heard_and_foreign_messages_are_ignored() {
    let (one, other) = (namespace(), namespace());
    let (cache, stranger) = (shared(&one), shared(&other));
    let ear = Ear::at(&cache);
    ear.wait_for_connection(1);
    invalidate(&stranger, &[Mark::ALL]).unwrap();
    for foreign in ["", "x", "tgi", &"y".repeat(1_000_000)] {
        SERVER.command(&["PUBLISH", &format!("{one}:cache"), foreign]);
    }
    invalidate(&cache, &[Mark::tag("a")]).unwrap();
    wait_until("a message", || !ear.marks().is_empty());
    assert_eq!((ear.marks(), ear.missed()), (vec![Mark::tag("a")], 1));
}

#[test]
fn listening_begins_with_the_first_call_where_there_was_no_runtime_before() {
    let cache = shared(&namespace());
    let ear = Ear::default();
    let own = ear.clone();
    cache.listen(Box::new(move |_| {
        own.missed.fetch_add(1, Ordering::Relaxed);
    }));
    look(&cache, "one", &[]).unwrap();
    ear.wait_for_connection(1);
}

#[test]
fn a_runtime_that_ends_takes_the_subscription_along_and_the_next_one_makes_its_own() {
    let cache = shared(&namespace());
    let ear = Ear::default();
    let own = ear.clone();
    cache.listen(Box::new(move |_| {
        own.missed.fetch_add(1, Ordering::Relaxed);
    }));
    for number in 1..=3 {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        wait_until("an answer", || runtime.block_on(cache.look("one", &[])).is_ok());
        ear.wait_for_connection(number);
    }
}

#[test]
fn a_subscriber_that_is_cut_off_is_told_and_what_was_purged_meanwhile_is_not_found() {
    let (server, marks) = (RedisServer::start(), [Mark::tag("a")]);
    let (one, other) = (connect(server.url(), "own", PATIENT), connect(server.url(), "own", PATIENT));
    let ear = Ear::at(&one);
    ear.wait_for_connection(1);
    for number in 2..5 {
        keep(&one, "one", &marks, &entry(b"old")).unwrap();
        server.command(&["CLIENT", "KILL", "TYPE", "pubsub"]);
        invalidate(&other, &marks).unwrap();
        ear.wait_for_connection(number);
        assert_eq!(look(&one, "one", &marks).unwrap().found, None);
    }
}

#[test]
fn a_server_that_hangs_is_left_and_listened_to_again_when_it_answers() {
    let server = RedisServer::start();
    let cache = connect(server.url(), "own", SHORT);
    let ear = Ear::at(&cache);
    ear.wait_for_connection(1);
    server.stop();
    // Nothing tells that a connection is dead but that nobody answers: it is asked after a second, and waited for another.
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| SERVER.command(&["BLPOP", "nobody", "4"]));
        waits.join().unwrap();
    });
    server.resume();
    ear.wait_for_connection(2);
}

#[test]
fn the_last_clone_takes_the_subscription_along() {
    let server = RedisServer::start();
    let listeners = || server.command(&["PUBSUB", "NUMSUB", "own:cache"]).list()[1].number();
    let cache = connect(server.url(), "own", PATIENT);
    Ear::at(&cache).wait_for_connection(1);
    assert_eq!(listeners(), 1);
    drop(cache);
    wait_until("the end of the subscription", || listeners() == 0);
}
