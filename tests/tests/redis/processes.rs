//! Four processes of one service, and a hundred requests at once.

use tollgate::Clock;
use tollgate_servers::RedisServer;

use crate::program::{Program, all_store_errors, crowd, outcome};
use crate::service::{PATIENT, SHORT, Sent};

const FIVE: Sent = Sent { passed: 5, refused: 95, closed: 0 };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_processes_admit_five_of_a_hundred_whatever_their_clocks_say() {
    let server = RedisServer::start();
    let mut programs = Program::several(&server.url(), PATIENT, &[0, 5, 0, 5]).await;
    for path in ["/local", "/open", "/closed"] {
        for client in ["ada", "bob"] {
            assert_eq!(crowd(&programs, path, client, 100).await, FIVE, "{path} of {client}");
        }
    }
    // One after another, too: first those whose clocks are ahead, then those that are behind, and the other way round.
    for (client, order) in [("cy", [1, 3, 0, 2]), ("dee", [0, 2, 1, 3])] {
        let mut sent = Sent::default();
        for place in order {
            for _ in 0..3 {
                sent.note(&programs[place].ask("/closed", client).await);
            }
        }
        assert_eq!(sent, Sent { passed: 5, refused: 7, closed: 0 }, "{client}");
    }
    assert_eq!(outcome(&programs, "local", "admitted").await, 10);
    assert_eq!(outcome(&programs, "local", "refused").await, 190);
    let clock = tollgate::SystemClock::new();
    let begun = clock.now();
    let passed = crowd(&programs, "/brief", "ada", 100).await.passed;
    let earned = clock.now().nanos_since(begun) / 4_000_000_000; // one each 4 s
    assert!((5..=5 + earned).contains(&passed), "{passed}, of which {earned} had time to come back");
    assert_eq!(all_store_errors(&programs).await, 0);
    programs.iter_mut().for_each(Program::is_well);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_server_each_process_admits_what_its_limits_say() {
    let server = RedisServer::start();
    let mut programs = Program::several(&server.url(), PATIENT, &[0, 5, 0, 5]).await;
    server.kill();
    assert_eq!(crowd(&programs, "/local", "ada", 100).await, Sent { passed: 20, refused: 80, closed: 0 });
    assert_eq!(crowd(&programs, "/closed", "ada", 100).await, Sent { passed: 0, refused: 0, closed: 100 });
    assert_eq!(crowd(&programs, "/open", "ada", 100).await, Sent { passed: 100, refused: 0, closed: 0 });
    for (site, name, count) in [
        ("local", "locally_admitted", 20),
        ("local", "locally_refused", 80),
        ("closed", "store_refused", 100),
        ("open", "store_failed", 100),
    ] {
        assert_eq!(outcome(&programs, site, name).await, count, "{site} {name}");
    }
    assert_eq!(all_store_errors(&programs).await, 300);
    tokio::task::block_in_place(|| server.start_again());
    crate::service::until("a server that is seen again", async || {
        crowd(&programs, "/closed", &crate::service::namespace(), 4).await.passed == 4
    })
    .await;
    assert_eq!(crowd(&programs, "/closed", "bob", 100).await, FIVE);
    programs.iter_mut().for_each(Program::is_well);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_processes_survive_a_server_that_is_killed_while_they_work() {
    let server = RedisServer::start();
    let mut programs = Program::several(&server.url(), SHORT, &[0, 5, 0, 5]).await;
    let mut sent = Sent::default();
    for life in 0..2 {
        let (before, midst) = (format!("before {life}"), format!("midst {life}"));
        crate::service::until("a server that is seen", async || {
            let now = crowd(&programs, "/local", &crate::service::namespace(), 4).await;
            sent.add(now);
            outcome(&programs, "local", "admitted").await > 4 * life
        })
        .await;
        let fault = async {
            tokio::task::block_in_place(|| server.kill());
        };
        let (early, ()) = tokio::join!(crowd(&programs, "/local", &before, 200), fault);
        let late = crowd(&programs, "/local", &before, 100).await;
        assert!((5..=5 + 5 * 4).contains(&(early.passed + late.passed)), "{early:?} {late:?}");
        let back = async {
            tokio::task::block_in_place(|| server.start_again());
        };
        let (during, ()) = tokio::join!(crowd(&programs, "/local", &midst, 200), back);
        assert!((5..=5 + 5 * 4).contains(&during.passed), "{during:?}");
        for more in [early, late, during] {
            sent.add(more);
        }
    }
    let (mut passed, mut refused) = (0, 0);
    for name in ["admitted", "locally_admitted"] {
        passed += outcome(&programs, "local", name).await;
    }
    for name in ["refused", "locally_refused"] {
        refused += outcome(&programs, "local", name).await;
    }
    assert_eq!(Sent { passed, refused, closed: 0 }, sent);
    assert!(all_store_errors(&programs).await > 0);
    programs.iter_mut().for_each(Program::is_well);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn leases_of_four_processes_stay_within_their_bound() {
    let server = RedisServer::start();
    let programs = Program::several(&server.url(), PATIENT, &[0, 0, 0, 0]).await;
    // capacity + processes × lease: what a block was taken for is spent, or lost with it.
    let passed = crowd(&programs, "/leased", "ada", 400).await.passed;
    assert!((60..=140).contains(&passed), "{passed} of a hundred");
    assert_eq!(outcome(&programs, "leased", "admitted").await, passed);
    assert_eq!(all_store_errors(&programs).await, 0);
    // What was taken and not spent is all that is left, also where it is memory that decides.
    server.kill();
    let more = crowd(&programs, "/leased", "ada", 400).await.passed;
    assert!(passed + more <= 140, "{passed} and {more} of a hundred");
    // Of somebody new it knows nothing.
    assert_eq!(crowd(&programs, "/leased", "bob", 600).await.passed, 4 * 100);
    assert!(all_store_errors(&programs).await >= 600);
}
