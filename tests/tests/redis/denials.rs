//! Refusals that do not reach the server.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tollgate::rate_limited;
use tollgate_servers::RedisServer;
use tollgate_tests::Service;

use crate::service::{PATIENT, on};

#[rate_limited("5/hour", key = global, name = "flooded")]
async fn flooded() {}

/// How many scripts a server has run.
fn calls(server: &RedisServer) -> i64 {
    let info = server.command(&["INFO", "commandstats"]);
    let calls = |line: &str| {
        let (name, rest) = line.strip_prefix("cmdstat_")?.split_once(":calls=")?;
        if name.starts_with("eval") { rest.split(',').next()?.parse::<i64>().ok() } else { None }
    };
    info.text().lines().filter_map(calls).sum()
}

/// A thousand a second, for as long as two seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_flood_of_refusals_less_than_one_in_a_hundred_reaches_the_server() {
    let server = RedisServer::start();
    let service = Service::with(on(&server.url(), PATIENT), Router::new().route("/", get(flooded)));
    for _ in 0..5 {
        assert_eq!(service.get("/").await.status, 200);
    }
    let before = calls(&server);
    assert!(before >= 5, "{before}");
    for _ in 0..2_000 {
        let answer = service.get("/").await;
        assert_eq!(answer.status, 429);
        service.clock.advance(Duration::from_millis(1));
    }
    let asked = calls(&server) - before;
    assert!((1..20).contains(&asked), "{asked} of 2000 refusals came from the server");
    assert_eq!(service.counts("flooded"), "rate_limited admitted 5, refused 2000");
}
