//! Circuit breakers of processes that share a server.

use axum::http::StatusCode;
use axum::response::IntoResponse;
use tollgate::{BreakerState, Rejected, call};
use tollgate_servers::RedisServer;

use crate::service::{Node, PATIENT, SHORT, on, until};

/// Why a call failed.
#[derive(Debug)]
enum Failed {
    ByItself,
    Refused(Rejected),
}

impl From<Rejected> for Failed {
    fn from(rejected: Rejected) -> Self {
        Self::Refused(rejected)
    }
}

#[call::circuit_breaker(consecutive_failures = 2, open_for = "1h", jitter = 0.0, name = "upstream")]
async fn upstream(works: bool) -> Result<(), Failed> {
    if works { Ok(()) } else { Err(Failed::ByItself) }
}

#[call::circuit_breaker(
    consecutive_failures = 2,
    open_for = "1h",
    jitter = 0.0,
    key = "{host}",
    name = "by host"
)]
async fn by_host(host: &str, works: bool) -> Result<(), Failed> {
    if works { Ok(()) } else { Err(Failed::ByItself) }
}

fn is_refused(answer: Result<(), Failed>) -> bool {
    match answer {
        Ok(()) | Err(Failed::ByItself) => false,
        Err(Failed::Refused(rejected)) => {
            assert_eq!(rejected.into_response().status(), StatusCode::SERVICE_UNAVAILABLE);
            true
        }
    }
}

async fn refuses(node: &Node) -> bool {
    is_refused(node.tollgate.scope(upstream(true)).await)
}

async fn fails_twice(node: &Node) {
    for _ in 0..2 {
        assert!(!is_refused(node.tollgate.scope(upstream(false)).await));
    }
}

fn state(node: &Node) -> BreakerState {
    node.tollgate.breaker("upstream").unwrap().state()
}

/// Until it stands so in all of them.
async fn until_all(nodes: &[Node], stands: BreakerState) {
    until(stands.as_str(), async || nodes.iter().all(|node| state(node) == stands)).await;
}

/// Until so many processes listen: whoever is told before is a process that starts late, and that is another test.
async fn until_listening(server: &RedisServer, processes: i64) {
    until("listeners", async || {
        let channels = server.command(&["PUBSUB", "CHANNELS", "*:breakers"]);
        let Some(channel) = channels.list().first() else { return false };
        server.command(&["PUBSUB", "NUMSUB", channel.text()]).list()[1].number() >= processes
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_opens_in_one_process_opens_in_those_that_asked_for_hints() {
    let server = RedisServer::start();
    let settings = on(&server.url(), PATIENT);
    let nodes = Node::several(2, &settings.clone().breaker_hints(1));
    let deaf = Node::new(settings.clone());
    fails_twice(&nodes[0]).await;
    assert!(refuses(&nodes[0]).await);
    until("a hint", async || refuses(&nodes[1]).await).await;
    let late = Node::new(settings.breaker_hints(1));
    until("a hint", async || refuses(&late).await).await;
    assert!(!refuses(&deaf).await, "who did not ask for hints goes by what it counts itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_key_opens_alone() {
    let server = RedisServer::start();
    let nodes = Node::several(2, &on(&server.url(), PATIENT).breaker_hints(1));
    let call = |node: usize, host: &'static str, works| nodes[node].tollgate.scope(by_host(host, works));
    until_listening(&server, 2).await;
    assert!(!is_refused(call(1, "a", true).await) && !is_refused(call(1, "b", true).await));
    for _ in 0..2 {
        assert!(!is_refused(call(0, "a", false).await));
    }
    until("a hint", async || is_refused(call(1, "a", true).await)).await;
    assert!(!is_refused(call(1, "b", true).await));
    let key = server.command(&["KEYS", "*:cb:*"]).list().len();
    assert_eq!(key, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_holds_in_all_processes_and_outlives_the_server() {
    let server = RedisServer::start();
    let settings = on(&server.url(), PATIENT);
    let mut nodes = Node::several(2, &settings);
    let control = nodes[0].tollgate.breaker("upstream").unwrap();
    control.force_open_everywhere().await.unwrap();
    assert_eq!(state(&nodes[0]), BreakerState::ForcedOpen, "here at once");
    until_all(&nodes, BreakerState::ForcedOpen).await;
    assert!(refuses(&nodes[1]).await);
    nodes.push(Node::new(settings.clone()));
    until_all(&nodes, BreakerState::ForcedOpen).await;

    server.kill();
    until("an outage", async || control.force_closed_everywhere().await.is_err()).await;
    let away = control.automatic_everywhere().await.unwrap_err();
    assert!(away.is_unavailable(), "{away}");
    until_all(&nodes, BreakerState::ForcedOpen).await;
    server.start_again();
    nodes.push(Node::new(settings));
    until_all(&nodes, BreakerState::ForcedOpen).await;

    let control = nodes[3].tollgate.breaker("upstream").unwrap();
    until("the server", async || control.automatic_everywhere().await.is_ok()).await;
    until_all(&nodes, BreakerState::Closed).await;
    control.force_closed_everywhere().await.unwrap();
    until_all(&nodes, BreakerState::ForcedClosed).await;
    fails_twice(&nodes[0]).await;
    assert!(!refuses(&nodes[0]).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_server_is_away_each_process_counts_for_itself_and_nobody_waits() {
    let server = RedisServer::start();
    let nodes = Node::several(2, &on(&server.url(), SHORT).breaker_hints(1));
    server.kill();
    fails_twice(&nodes[0]).await;
    assert!(refuses(&nodes[0]).await && !refuses(&nodes[1]).await);
    server.start_again();
    until("a hint", async || refuses(&nodes[1]).await).await;
}

#[tokio::test]
async fn without_a_store_nothing_is_held_everywhere() {
    let tollgate = tollgate::Tollgate::builder().build().unwrap();
    let control = tollgate.breaker("upstream").unwrap();
    let alone = control.force_open_everywhere().await.unwrap_err();
    assert!(!alone.is_unavailable() && alone.to_string().contains(".redis(..)"), "{alone}");
    assert_eq!(control.state(), BreakerState::Closed);
    for (processes, builder) in
        [(0, on("redis://127.0.0.1:1", SHORT)), (65, on("redis://127.0.0.1:1", SHORT))]
    {
        let error = builder.breaker_hints(processes).build().unwrap_err().to_string();
        assert!(error.contains("1 to 64"), "{error}");
    }
    let error = tollgate::Tollgate::builder().breaker_hints(1).build().unwrap_err().to_string();
    assert!(error.contains("add `.redis(..)`"), "{error}");
}
