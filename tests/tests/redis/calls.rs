//! Limits of calls and of layers on a server that goes away.

use axum::response::IntoResponse;
use http::StatusCode;
use tollgate::{Rejected, call};
use tollgate_servers::RedisServer;

use crate::service::{Node, PATIENT, Sent, crowd, metrics_tell, on, outcomes};

#[call::rate_limited("5/hour", key = "{tenant}", name = "call")]
async fn local(tenant: &str) -> Result<usize, Rejected> {
    Ok(tenant.len())
}

#[call::rate_limited("5/hour", key = "{tenant}", wait = "1m", name = "waiting call")]
async fn waits(tenant: &str) -> Result<usize, Rejected> {
    Ok(tenant.len())
}

#[call::rate_limited("5/hour", key = "{tenant}", on_store_error = open, name = "open call")]
async fn open(tenant: &str) -> Result<usize, Rejected> {
    Ok(tenant.len())
}

#[call::rate_limited("5/hour", key = "{tenant}", on_store_error = closed, name = "closed call")]
async fn closed(tenant: &str) -> Result<usize, Rejected> {
    Ok(tenant.len())
}

/// What becomes of so many calls, dealt out to the nodes.
async fn often(nodes: &[Node], count: usize, call: impl AsyncFn() -> Result<usize, Rejected>) -> Sent {
    let mut sent = Sent::default();
    for node in nodes.iter().cycle().take(count) {
        match node.tollgate.scope(call()).await.map_err(IntoResponse::into_response) {
            Ok(_) => sent.passed += 1,
            Err(refused) if refused.status() == StatusCode::TOO_MANY_REQUESTS => sent.refused += 1,
            Err(refused) => {
                assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
                sent.closed += 1;
            }
        }
    }
    sent
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_share_a_server_and_do_without_it_as_they_say() {
    let server = RedisServer::start();
    let nodes = Node::several(2, &on(&server.url(), PATIENT));
    let shared = Sent { passed: 5, refused: 15, closed: 0 };
    assert_eq!(often(&nodes, 20, async || local("ada").await).await, shared);
    assert_eq!(often(&nodes, 20, async || waits("ada").await).await, shared, "an hour is too long");
    assert_eq!(often(&nodes, 20, async || open("ada").await).await, shared);
    assert_eq!(often(&nodes, 20, async || closed("ada").await).await, shared);
    server.kill();
    let each = Sent { passed: 10, refused: 10, closed: 0 };
    assert_eq!(often(&nodes, 20, async || local("bob").await).await, each);
    assert_eq!(often(&nodes, 20, async || waits("bob").await).await, each);
    assert_eq!(often(&nodes, 20, async || open("bob").await).await.passed, 20);
    assert_eq!(often(&nodes, 20, async || closed("bob").await).await.closed, 20);
    let told = |site| outcomes(&nodes, site).into_iter().collect::<Vec<_>>();
    let local = [("admitted", 5), ("locally_admitted", 10), ("locally_refused", 10), ("refused", 15)];
    assert_eq!(told("call"), local);
    assert_eq!(told("waiting call"), local);
    assert_eq!(told("open call"), [("admitted", 5), ("refused", 15), ("store_failed", 20)]);
    assert_eq!(told("closed call"), [("admitted", 5), ("refused", 15), ("store_refused", 20)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_layer_shares_a_server_and_does_without_it() {
    let server = RedisServer::start();
    let nodes = Node::several(4, &on(&server.url(), PATIENT));
    let mut sent = crowd(&nodes, "/layered", "ada", 100).await;
    assert_eq!(sent, Sent { passed: 5, refused: 95, closed: 0 });
    server.kill();
    let away = crowd(&nodes, "/layered", "bob", 100).await;
    assert_eq!(away, Sent { passed: 20, refused: 80, closed: 0 });
    sent.add(away);
    metrics_tell(&nodes, "layered", sent).await;
}
