//! What answers say of their version.

use std::time::Duration;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use tollgate::testing::{Answer, Client};
use tollgate::{Tollgate, VersionReaders, versioned};

use crate::support::{Version, api, clock, problem, routes};

fn links(answer: &Answer) -> Vec<&str> {
    answer.headers().get_all("link").iter().map(|value| value.to_str().unwrap()).collect()
}

/// BEHAVIOURS 2.5/28.
#[tokio::test]
async fn a_deprecated_version_says_until_when_it_is_there() {
    let answer = api(VersionReaders::default()).with_header("api-version", "v1").get("/airports/CDG").await;
    assert_eq!(answer.header("api-version"), "v1");
    assert_eq!(answer.header("deprecation"), "@1767225600");
    assert_eq!(answer.header("sunset"), "Thu, 31 Dec 2026 00:00:00 GMT");
    assert_eq!(
        links(&answer),
        [
            "<https://example.com/v1>; rel=\"deprecation\"; type=\"text/html\"",
            "<https://example.com/v1>; rel=\"sunset\"; type=\"text/html\""
        ]
    );
    let current = api(VersionReaders::default()).get("/airports/CDG").await;
    assert!(["deprecation", "sunset", "link"].iter().all(|name| !current.headers().contains_key(*name)));
}

#[tokio::test]
async fn the_next_version_has_a_link_where_it_has_an_address() {
    let readers = VersionReaders::new().query("api-version");
    let answer = api(readers).get("/airports/CDG?x=1&api-version=1").await;
    assert_eq!(links(&answer)[2], "</airports/CDG?x=1&api-version=v2>; rel=\"successor-version\"");
}

#[tokio::test]
async fn answers_vary_by_the_fields_that_are_read() {
    for (readers, vary) in [
        (VersionReaders::default(), "api-version"),
        (VersionReaders::new().header("X-V").media_type("a/b"), "x-v, accept, content-type"),
        (VersionReaders::new().query("v"), ""),
    ] {
        assert_eq!(api(readers).get("/airports/CDG").await.header("vary"), vary);
    }
}

#[versioned(Version)]
async fn outspoken() -> impl IntoResponse {
    let fields = [("vary", "Accept, API-Version"), ("deprecation", "@1"), ("link", "</other>; rel=\"next\"")];
    (fields, "hello")
}

#[tokio::test]
async fn what_a_handler_says_itself_stays() {
    let tollgate = Tollgate::builder().clock(clock()).build().unwrap();
    let app = Router::new().route("/", get(outspoken)).layer(tollgate.layer());
    let answer = Client::new(app).with_header("api-version", "v1").get("/").await;
    assert_eq!((answer.header("vary"), answer.header("deprecation")), ("Accept, API-Version", "@1"));
    assert_eq!((links(&answer).len(), links(&answer)[0]), (3, "</other>; rel=\"next\""));
}

#[tokio::test]
async fn a_version_is_gone_after_its_sunset_where_it_says_so() {
    let clock = clock();
    let tollgate = Tollgate::builder().clock(clock.clone()).build().unwrap();
    let client = Client::new(routes().layer(tollgate.layer())).with_header("api-version", "v1");
    assert_eq!(client.get("/airports/CDG").await.status(), 200);
    // To the last second of the 30th of December.
    clock.advance(Duration::from_secs(1_798_675_200 - crate::support::NOW - 1));
    assert_eq!(client.get("/airports/CDG").await.status(), 200);
    clock.advance(Duration::from_secs(1));
    let gone = client.get("/airports/CDG").await;
    assert_eq!(problem(&gone), (410, "version_gone".to_owned()));
    assert_eq!((gone.header("api-version"), gone.header("sunset")), ("v1", "Thu, 31 Dec 2026 00:00:00 GMT"));
    assert!(gone.text().contains("Thu, 31 Dec 2026"), "{}", gone.text());
}
