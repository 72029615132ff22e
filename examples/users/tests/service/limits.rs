//! A hundred requests a minute, for each address and operation.

use std::net::Ipv4Addr;
use std::time::Duration;

use crate::client::{limited, problem};

#[tokio::test]
async fn of_150_requests_in_a_minute_100_are_answered() {
    let (client, clock) = limited().await;
    for place in 1..=150 {
        let answer = client.get("/users").await;
        if place <= 100 {
            assert_eq!(answer.status(), 200, "request {place}");
        } else {
            assert_eq!(problem(&answer, 429)["violated-policies"][0], "default", "request {place}");
            assert_eq!(
                (answer.header("retry-after"), answer.header("ratelimit")),
                ("1", "\"default\";r=0;t=1")
            );
        }
    }

    let other = client.clone().from_address(Ipv4Addr::new(203, 0, 113, 7));
    assert_eq!(other.get("/users").await.status(), 200);
    assert_eq!(client.get("/users/1").await.status(), 404);

    clock.advance(Duration::from_secs(60));
    for _ in 0..100 {
        assert_eq!(client.get("/users").await.status(), 200);
    }
    assert_eq!(client.get("/users").await.status(), 429);
}

#[tokio::test]
async fn every_operation_tells_its_limit() {
    let (client, _) = limited().await;
    for answer in [
        client.get("/users").await,
        client.post("/users", "{}").await,
        client.get("/users/1").await,
        client.patch("/users/1", "{}").await,
        client.delete("/users/1").await,
    ] {
        assert_eq!(answer.header("ratelimit-policy"), "\"default\";q=100;w=60");
    }
}
