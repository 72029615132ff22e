//! Which handler answers.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use http::{Method, StatusCode};
use tollgate::testing::Client;
use tollgate::{
    Outcome, Policy, RequestFacts, Tollgate, VersionReaders, rate_limited, versioned, versions, with_metrics,
};

use crate::support::{Version, api, clock, problem};

/// BEHAVIOURS 2.5/1, 2, 9.
#[tokio::test]
async fn each_version_is_answered_by_its_handler() {
    let api = api(VersionReaders::default());
    for (version, expected) in [
        ("v1", "CDG of v1"),
        ("v2", "CDG of V2"),
        ("2.0", "CDG of V2"),
        ("V2", "CDG of V2"),
        ("v3-preview", "CDG of V3"),
    ] {
        let answer = api.clone().with_header("api-version", version).get("/airports/CDG").await;
        assert_eq!((answer.status().as_u16(), answer.text()), (200, expected), "{version}");
    }
}

/// BEHAVIOURS 2.5/6, 21, 36.
#[tokio::test]
async fn without_a_version_the_default_is_answered_and_reported() {
    let answer = api(VersionReaders::default()).get("/airports/CDG").await;
    assert_eq!((answer.text(), answer.header("api-version")), ("CDG of V2", "v2"));
}

/// BEHAVIOURS 2.5/3, 22.
#[tokio::test]
async fn what_says_no_version_is_there_for_all_of_them() {
    let api = api(VersionReaders::default());
    for version in ["v1", "v2", "v9", "", "nonsense"] {
        let answer = api.clone().with_header("api-version", version).get("/health").await;
        assert_eq!((answer.text(), answer.header("api-version")), ("up", ""), "{version}");
    }
}

/// BEHAVIOURS 2.5/26, 33: lower bounds are inclusive, upper ones exclusive.
#[tokio::test]
async fn a_version_without_a_handler_is_a_hole() {
    let api = api(VersionReaders::default());
    for (version, status) in [("v1", 404), ("v2", 200), ("v3-preview", 404)] {
        let answer = api.clone().with_header("api-version", version).get("/runway").await;
        assert_eq!(answer.status(), status, "{version}");
        if status == 404 {
            assert_eq!(problem(&answer), (404, "version_not_answered".to_owned()));
        }
        assert_eq!(answer.header("api-version"), version);
    }
}

/// BEHAVIOURS 2.5/24, 25: what is no matter of versions keeps its answer.
#[tokio::test]
async fn another_method_and_another_path_are_told_as_ever() {
    let api = api(VersionReaders::default()).with_header("api-version", "v1");
    assert_eq!(api.request(Method::POST, "/airports/CDG", "").await.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(api.get("/elsewhere").await.status(), StatusCode::NOT_FOUND);
}

#[versioned(Version, only = V1)]
#[rate_limited("2/minute")]
async fn limited_v1() -> &'static str {
    "old"
}

#[versioned(Version, only = V2)]
#[rate_limited("2/minute")]
async fn limited_v2() -> &'static str {
    "new"
}

#[versioned(Version, only = V3)]
#[rate_limited("2/minute", share = "previews")]
async fn limited_v3() -> &'static str {
    "next"
}

versions! { limited = [limited_v1, limited_v2, limited_v3] }

#[tokio::test]
async fn handlers_of_one_item_share_budgets_that_are_alike_unless_they_have_their_own() {
    let tollgate = Tollgate::builder().clock(clock()).build().unwrap();
    let app = Router::new().route("/", get(limited)).layer(tollgate.layer());
    let ask = |version: &str| Client::new(app.clone()).with_header("api-version", version);
    let statuses = [
        ask("v1").get("/").await.status().as_u16(),
        ask("v2").get("/").await.status().as_u16(),
        ask("v1").get("/").await.status().as_u16(),
        ask("v2").get("/").await.status().as_u16(),
        ask("v3-preview").get("/").await.status().as_u16(),
    ];
    assert_eq!(statuses, [200, 200, 429, 429, 200]);
    // A refusal by a policy behind says its version, too.
    assert_eq!(ask("v1").get("/").await.header("api-version"), "v1");
}

#[tokio::test]
async fn refusals_are_counted_under_the_name_of_the_item_and_versions_by_theirs() {
    let tollgate = Tollgate::builder().clock(clock()).build().unwrap();
    let app = Router::new().route("/", get(limited)).layer(tollgate.layer());
    for version in ["v1", "v1", "v2", "v9", "?"] {
        let _ = Client::new(app.clone()).with_header("api-version", version).get("/").await;
    }
    let counted = |site: &str, policy: &str, outcome| {
        let decisions = tollgate.decisions();
        let is_it =
            |one: &&tollgate::DecisionCount| (one.site, one.policy, one.outcome) == (site, policy, outcome);
        decisions.iter().find(is_it).map(|one| one.count)
    };
    let item = "main::dispatch::limited";
    let item = tollgate
        .decisions()
        .iter()
        .map(|one| one.site)
        .find(|site| site.ends_with("dispatch::limited"))
        .unwrap_or(item);
    assert_eq!(counted(item, "versioned", Outcome::Refused), Some(2));
    assert_eq!(counted(item, "versioned:v1", Outcome::Admitted), Some(2));
    assert_eq!(counted(item, "versioned:v2", Outcome::Admitted), Some(1));
    assert_eq!(counted(item, "versioned:v3-preview", Outcome::Admitted), Some(0));
    let member = format!("{item}_v1");
    assert_eq!(counted(&member, "versioned:v1", Outcome::Admitted), Some(0));
    assert_eq!(counted(&member, "rate_limited", Outcome::Admitted), Some(2));
}

fn cost_of(facts: &RequestFacts<'_>) -> u32 {
    match facts.version::<Version>() {
        Some(Version::V1) => 10,
        _ => 1,
    }
}

#[versioned(Version)]
#[rate_limited("10/minute", cost = cost_of)]
#[with_metrics]
async fn by_version(State(prefix): State<&'static str>, body: String) -> String {
    format!("{prefix}{body}")
}

versions! { written = [by_version] }

#[tokio::test]
async fn the_version_is_a_fact_of_the_request_and_bodies_and_state_reach_the_handler() {
    let tollgate = Tollgate::builder().clock(clock()).build().unwrap();
    let app: Router = Router::new().route("/", post(written)).with_state("got ").layer(tollgate.layer());
    let client = Client::new(app);
    assert_eq!(client.post("/", "this").await.text(), "got this");
    let old = client.with_header("api-version", "v1");
    assert_eq!(old.post("/", "this").await.status(), 429);
}

#[tokio::test]
async fn versions_that_are_switched_off_are_not_looked_at() {
    let tollgate = Tollgate::builder().clock(clock()).disable(Policy::Version).build().unwrap();
    let app = crate::support::routes().layer(tollgate.layer());
    let answer = Client::new(app).with_header("api-version", "v9").get("/airports/CDG").await;
    assert_eq!((answer.status().as_u16(), answer.header("api-version")), (200, ""));
}
