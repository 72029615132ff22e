//! What goes wrong with servers.

use std::sync::atomic::AtomicUsize;

use super::*;

#[test]
fn a_server_that_was_killed_answers_at_once_that_nothing_was_changed_and_is_heard_again_when_it_is_back() {
    let server = RedisServer::start();
    let breakers = connect(server.url(), "own");
    let (missed, own) = (Arc::new(AtomicUsize::new(0)), named("a"));
    let told = Arc::clone(&missed);
    {
        let _runtime = RUNTIME.enter();
        breakers.listen(Box::new(move |heard| {
            told.fetch_add(usize::from(heard == Heard::Missed), Ordering::Relaxed);
        }));
    }
    wait_until("a subscription", || missed.load(Ordering::Relaxed) == 1);
    RUNTIME.block_on(breakers.force(&own, Forced::Open, 0)).unwrap();
    server.kill();
    wait_until("no answer", || RUNTIME.block_on(breakers.orders()) == Err(Unavailable::Unchanged));
    let clock = SystemClock::new();
    let begun = clock.now();
    for _ in 0..1_000 {
        assert!(RUNTIME.block_on(breakers.force(&own, Forced::Closed, 0)).is_err());
        assert!(RUNTIME.block_on(breakers.opened(&own, Node(1), PATIENT)).is_err());
    }
    let all = Duration::from_nanos(clock.now().nanos_since(begun));
    assert!(all < PATIENT, "{all:?} for two thousand calls while it is away");
    server.start_again();
    wait_until("a subscription", || missed.load(Ordering::Relaxed) == 2);
    wait_until("an answer", || RUNTIME.block_on(breakers.orders()).is_ok());
    assert_eq!(RUNTIME.block_on(breakers.orders()), Ok(Vec::new()), "it knows nothing any more");
}

#[test]
fn an_answer_that_is_lost_leaves_unknown_whether_it_was_done() {
    let server = RedisServer::start();
    let settings =
        Settings { url: server.url(), namespace: "own".to_owned(), timeout: Duration::from_millis(300) };
    let breakers = RedisBreakers::new(Redis::new(&settings, Arc::new(SystemClock::new())).unwrap());
    wait_until("an answer", || RUNTIME.block_on(breakers.orders()).is_ok());
    // The server has to know the script, else the late answer is that it does not.
    RUNTIME.block_on(breakers.force(&named("b"), Forced::Open, 0)).unwrap();
    server.stop();
    let lost = RUNTIME.block_on(breakers.force(&named("a"), Forced::Open, 0));
    assert_eq!(lost, Err(Unavailable::Unknown));
    server.resume();
    wait_until("an answer", || RUNTIME.block_on(breakers.orders()).is_ok());
    assert_eq!(RUNTIME.block_on(breakers.orders()).unwrap().len(), 2, "this time it was");
}
