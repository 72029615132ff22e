//! A server that is killed, starts again, was never there, or lets nobody in.

use tokio::task::block_in_place;
use tollgate_servers::RedisServer;

use crate::service::{
    LITTLE, Node, PATIENT, SHORT, Sent, crowd, metrics_tell, namespace, on, outcome, outcomes, until,
    until_away, until_decided,
};
use crate::traffic::{Traffic, total};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_limit_says_what_holds_without_the_server() {
    let server = RedisServer::start();
    let nodes = Node::several(4, &on(&server.url(), PATIENT));
    for path in ["/local", "/open", "/closed", "/global", "/rates"] {
        assert_eq!(
            crowd(&nodes, path, "ada", 100).await,
            Sent { passed: 5, refused: 95, closed: 0 },
            "{path}"
        );
    }
    server.kill();
    for (path, passed, refused, closed) in
        [("/local", 20, 80, 0), ("/open", 100, 0, 0), ("/closed", 0, 0, 100), ("/rates", 20, 80, 0)]
    {
        let sent = crowd(&nodes, path, "bob", 100).await;
        assert_eq!(sent, Sent { passed, refused, closed }, "{path}");
    }
    let told = |site| outcomes(&nodes, site).into_iter().collect::<Vec<_>>();
    assert_eq!(
        told("local"),
        [("admitted", 5), ("locally_admitted", 20), ("locally_refused", 80), ("refused", 95)]
    );
    assert_eq!(told("open"), [("admitted", 5), ("refused", 95), ("store_failed", 100)]);
    assert_eq!(told("closed"), [("admitted", 5), ("refused", 95), ("store_refused", 100)]);
    let mut errors = 0;
    for node in &nodes {
        errors += node.store_errors().await;
    }
    assert_eq!(errors, 400);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_limits_each_keeps_its_word() {
    let server = RedisServer::start();
    let node = Node::new(on(&server.url(), PATIENT));
    assert_eq!(node.ask_often("/both", "ada", 2).await.passed, 2);
    assert_eq!(node.ask_often("/guarded", "ada", 2).await.passed, 2);
    server.kill();
    let told = |site: &str| tollgate_tests::counts(&node.tollgate, site);
    assert_eq!(node.ask_often("/both", "ada", 20).await.closed, 20);
    assert_eq!(
        told("both"),
        "rate_limited admitted 2, store_refused 20, rate_limited:x-client admitted 2",
        "one that is closed keeps all out, and nobody is charged"
    );
    assert_eq!(node.ask_often("/guarded", "ada", 20).await, Sent { passed: 3, refused: 17, closed: 0 });
    assert_eq!(
        told("guarded"),
        "rate_limited admitted 2, store_failed 3, rate_limited:x-client admitted 2, locally_admitted 3, \
         locally_refused 17",
        "one that is open stands aside"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_killed_and_started_again_under_traffic_is_survived() {
    const NODES: u64 = 4;
    let server = RedisServer::start();
    let nodes = Node::several(4, &on(&server.url(), SHORT));
    until_decided(&nodes[0], "/open").await;
    for (path, lives) in [("/local", 3), ("/closed", 3)] {
        let site = &path[1..];
        let lost = if path == "/local" { "locally_admitted" } else { "store_refused" };
        let traffic = Traffic::start(&nodes, path);
        for _ in 1..lives {
            let admitted = outcome(&nodes, site, "admitted");
            until("admissions", async || outcome(&nodes, site, "admitted") > admitted + 20).await;
            let without = outcome(&nodes, site, lost);
            block_in_place(|| server.kill());
            until("an outage", async || outcome(&nodes, site, lost) > without + 20).await;
            block_in_place(|| server.start_again());
        }
        let admitted = outcome(&nodes, site, "admitted");
        until("admissions again", async || outcome(&nodes, site, "admitted") > admitted + 20).await;
        let count = traffic.sent();
        let clients = traffic.stop().await;
        let locally = if path == "/local" { NODES } else { 0 };
        for (client, sent) in &clients {
            assert!(sent.passed <= 5 * (lives + locally), "{client}: {sent:?}");
        }
        let sent = total(&clients);
        assert!(sent.passed + sent.refused + sent.closed >= count);
        let told = outcomes(&nodes, site);
        let count = |name| told.get(name).copied().unwrap_or_default();
        assert_eq!(count("admitted") + count("locally_admitted"), sent.passed, "{told:?}");
        assert_eq!(count("refused") + count("locally_refused"), sent.refused, "{told:?}");
        assert_eq!(count("store_refused"), sent.closed, "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_comes_back_empty_begins_anew() {
    let server = RedisServer::start();
    let node = Node::new(on(&server.url(), PATIENT));
    assert_eq!(node.ask_often("/local", "ada", 9).await.passed, 5);
    block_in_place(|| server.kill());
    let mut sent = Sent { passed: 5, refused: 4, closed: 0 };
    sent.add(until_away(&node, "/local").await);
    assert!(node.median("/local", "ada", 100).await < LITTLE);
    sent.refused += 100;
    block_in_place(|| server.start_again());
    sent.add(until_decided(&node, "/local").await);
    node.clock.advance(std::time::Duration::from_secs(2)); // what was refused is forgotten after a second
    let again = node.ask_often("/local", "ada", 9).await;
    assert_eq!(again, Sent { passed: 5, refused: 4, closed: 0 });
    sent.add(again);
    metrics_tell(&[node], "local", sent).await;
}

/// A service begins, and goes on, without a server that it can use.
async fn goes_on_without(url: &str) -> Node {
    let node = Node::new(on(url, SHORT));
    let sent = node.ask_often("/local", "ada", 20).await;
    assert_eq!(sent, Sent { passed: 5, refused: 15, closed: 0 }, "{url}");
    assert!(node.median("/local", "bob", 100).await < LITTLE, "{url}");
    metrics_tell(std::slice::from_ref(&node), "local", Sent { passed: 10, refused: 110, closed: 0 }).await;
    assert_eq!(node.ask_often("/closed", "ada", 20).await.closed, 20, "{url}");
    assert_eq!(node.ask_often("/open", "ada", 20).await.passed, 20, "{url}");
    node
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_starts_without_a_server_and_finds_it_when_it_comes() {
    let server = RedisServer::start();
    server.kill();
    let node = goes_on_without(&server.url()).await;
    block_in_place(|| server.start_again());
    until_decided(&node, "/local").await;
    node.clock.advance(std::time::Duration::from_secs(2));
    assert_eq!(node.ask_often("/closed", "ada", 9).await, Sent { passed: 5, refused: 4, closed: 0 });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_an_outage_and_shown_to_nobody() {
    let server = RedisServer::start();
    server.command(&["CONFIG", "SET", "requirepass", "sesame"]);
    let with = |password| format!("redis://:{password}@127.0.0.1:{}", server.port());
    for url in [server.url(), with("knockknock")] {
        let node = goes_on_without(&url).await;
        let metrics = node.ask("/metrics", "the collector").await;
        let closed = node.ask("/closed", &namespace()).await;
        for shown in [format!("{:?}", node.tollgate), metrics.body, closed.body] {
            assert!(!shown.contains("knockknock"), "{shown}");
        }
    }
    let node = Node::new(on(&with("sesame"), PATIENT));
    assert_eq!(node.ask_often("/closed", "ada", 9).await, Sent { passed: 5, refused: 4, closed: 0 });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_answers_but_is_no_redis_is_an_outage() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let other = axum::Router::new().route("/", axum::routing::get(|| async { "no Redis" }));
    tokio::spawn(axum::serve(listener, other).into_future());
    goes_on_without(&url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_are_killed_under_traffic_are_made_anew() {
    let server = RedisServer::start();
    let nodes = Node::several(2, &on(&server.url(), PATIENT));
    let traffic = Traffic::start(&nodes, "/closed");
    for _ in 0..5 {
        let (admitted, before) = (outcome(&nodes, "closed", "admitted"), traffic.sent());
        block_in_place(|| server.command(&["CLIENT", "KILL", "TYPE", "normal"]));
        until("admissions", async || outcome(&nodes, "closed", "admitted") > admitted + 10).await;
        assert!(traffic.sent() > before);
    }
    let clients = traffic.stop().await;
    assert!(clients.values().all(|sent| sent.passed <= 5), "{clients:?}");
    let told = outcomes(&nodes, "closed");
    let sent = total(&clients);
    assert_eq!(told.get("admitted"), Some(&sent.passed));
    assert_eq!(told.get("store_refused").copied().unwrap_or_default(), sent.closed);
}
