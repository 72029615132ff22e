//! Handlers that answer some versions and stand alone.

use axum::Router;
use axum::routing::get;
use tollgate::testing::Client;
use tollgate::{OnHole, Outcome, Tollgate, VersionReaders, rate_limited, versioned, with_metrics};

use crate::support::{Version, clock, problem};

#[versioned(Version, since = V2)]
#[rate_limited("1/minute")]
#[with_metrics]
async fn lone() -> &'static str {
    "there"
}

fn app(readers: VersionReaders) -> (Tollgate, Client) {
    let tollgate = Tollgate::builder().clock(clock()).versions::<Version>(readers).build().unwrap();
    let client = Client::new(Router::new().route("/", get(lone)).layer(tollgate.layer()));
    (tollgate, client)
}

#[tokio::test]
async fn a_lone_handler_answers_its_versions_and_says_so() {
    let (_, client) = app(VersionReaders::default());
    let answer = client.clone().get("/").await;
    assert_eq!(
        (answer.text(), answer.header("api-version"), answer.header("vary")),
        ("there", "v2", "api-version")
    );
    let limited = client.get("/").await;
    assert_eq!((limited.status().as_u16(), limited.header("api-version")), (429, "v2"));
}

#[tokio::test]
async fn a_refused_version_is_measured_and_counted_and_not_charged() {
    let (tollgate, client) = app(VersionReaders::default());
    let old = client.clone().with_header("api-version", "v1").get("/").await;
    assert_eq!(problem(&old), (404, "version_not_answered".to_owned()));
    assert_eq!(client.get("/").await.status(), 200);
    let decisions = tollgate.decisions();
    let counted = |policy: &str, outcome| {
        let is_it = |one: &&tollgate::DecisionCount| {
            one.site.ends_with("lone::lone") && (one.policy, one.outcome) == (policy, outcome)
        };
        decisions.iter().find(is_it).map(|one| one.count)
    };
    assert_eq!(counted("versioned:v1", Outcome::Refused), Some(1));
    assert_eq!(counted("versioned:v2", Outcome::Admitted), Some(1));
    assert_eq!(counted("rate_limited", Outcome::Admitted), Some(1));
    assert_eq!(counted("with_metrics", Outcome::Completed), Some(2));
}

/// BEHAVIOURS 2.5/34.
#[tokio::test]
async fn a_hole_may_be_405() {
    let (_, client) = app(VersionReaders::default().on_hole(OnHole::MethodNotAllowed));
    let answer = client.with_header("api-version", "v1").get("/").await;
    assert_eq!(problem(&answer), (405, "version_not_answered".to_owned()));
    assert!(answer.headers().contains_key("allow"));
}

#[tokio::test]
async fn a_handler_that_a_test_opens_asks_for_no_version() {
    assert_eq!(lone(tollgate::open(())).await.status(), 200);
}
