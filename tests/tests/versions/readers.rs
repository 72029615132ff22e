//! Where clients write versions, and what comes of what they write.

use http::HeaderValue;
use proptest::prelude::*;
use tollgate::testing::Answer;
use tollgate::{ApiVersion, Tollgate, VersionReaders, versioned};

use crate::support::{api, asking, problem};

fn all() -> VersionReaders {
    VersionReaders::new()
        .header("API-Version")
        .header("X-Version")
        .query("api-version")
        .media_type("application/vnd.airports")
        .own(|parts| parts.headers.get("x-mine")?.to_str().ok().map(str::to_owned))
}

async fn asked(uri: &str, fields: &[(&str, &str)]) -> Answer {
    api(all()).send(asking(uri, fields)).await
}

/// BEHAVIOURS 2.5/10, 11, 14, 15, 19, 20.
#[tokio::test]
async fn a_version_is_read_wherever_it_stands() {
    let base = "/airports/CDG";
    for (uri, fields, version) in [
        (base, &[("API-VERSION", "v1")][..], "v1"),
        (base, &[("x-version", "1.0")], "v1"),
        ("/airports/CDG?api-version=v1", &[], "v1"),
        ("/airports/CDG?x=1&api%2Dversion=%761", &[], "v1"),
        (base, &[("accept", "application/vnd.airports.v1+json")], "v1"),
        (base, &[("accept", "application/json;v=1")], "v1"),
        (base, &[("content-type", "application/json; version=\"1\"")], "v1"),
        (base, &[("accept", "text/html, application/json;v=1;q=0.9, application/json;v=2;q=0.1")], "v1"),
        (base, &[("x-mine", "1")], "v1"),
        (base, &[("accept", "*/*")], "v2"),
        (base, &[("accept", "application/vnd.airports.summary+json")], "v2"),
        ("/airports/CDG?API-VERSION=v1", &[], "v2"),
        (base, &[("api-version", "v1"), ("api-version", "1")], "v1"),
        (
            "/airports/CDG?api-version=1&api-version=v1",
            &[("api-version", "1.0"), ("accept", "a/b;v=1")],
            "v1",
        ),
    ] {
        let answer = asked(uri, fields).await;
        assert_eq!(
            (answer.status().as_u16(), answer.header("api-version")),
            (200, version),
            "{uri} {fields:?}"
        );
    }
}

/// BEHAVIOURS 2.5/12, 14, 16, 17, 18, 20, 35, 37.
#[tokio::test]
async fn what_is_no_version_of_this_api_is_refused_by_where_it_stands() {
    let base = "/airports/CDG";
    for (uri, fields, expected) in [
        (base, &[("api-version", "v9")][..], (400, "unsupported_version")),
        (base, &[("x-mine", "v9")], (400, "unsupported_version")),
        ("/airports/CDG?api-version=v9", &[], (400, "unsupported_version")),
        (base, &[("accept", "application/vnd.airports.v9+json")], (406, "unsupported_version")),
        (base, &[("content-type", "application/vnd.airports.v9+json")], (415, "unsupported_version")),
        (base, &[("api-version", "")], (400, "malformed_version")),
        (base, &[("api-version", "not-a-semver")], (400, "malformed_version")),
        (base, &[("api-version", "v1, v2")], (400, "malformed_version")),
        ("/airports/CDG?api-version", &[], (400, "malformed_version")),
        ("/airports/CDG?api-version=%ff", &[], (400, "malformed_version")),
        (base, &[("accept", "application/json;v=latest")], (400, "malformed_version")),
        (base, &[("api-version", "v1"), ("api-version", "v2")], (400, "ambiguous_version")),
        ("/airports/CDG?api-version=1&api-version=2", &[], (400, "ambiguous_version")),
        ("/airports/CDG?api-version=1", &[("api-version", "2")], (400, "ambiguous_version")),
        (base, &[("accept", "a/b;v=1, a/c;v=2")], (400, "ambiguous_version")),
        (base, &[("accept", "a/b;v=1"), ("content-type", "a/b;v=2")], (400, "ambiguous_version")),
    ] {
        let answer = asked(uri, fields).await;
        let (status, code) = problem(&answer);
        assert_eq!((status, code.as_str()), expected, "{uri} {fields:?}");
        assert_eq!(answer.header("vary"), "api-version, x-version, accept, content-type");
    }
}

#[tokio::test]
async fn a_problem_names_what_was_written_and_repeats_little_of_it() {
    let long = "9".repeat(500);
    let answer = asked("/airports/CDG", &[("api-version", &long)]).await;
    assert!(answer.text().len() < 500, "{}", answer.text());
    let answer = asked("/airports/CDG", &[("api-version", "v9")]).await;
    assert!(
        answer.text().contains("there is no version `v9`: ask for v1, v2 or v3-preview"),
        "{}",
        answer.text()
    );
    let mut request = asking("/airports/CDG", &[]);
    request.headers_mut().insert("api-version", HeaderValue::from_bytes(b"v\xff").unwrap());
    assert_eq!(problem(&api(all()).send(request).await), (400, "malformed_version".to_owned()));
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
#[version(required)]
enum Dated {
    #[version("2025-01-31")]
    First,
    #[version("2025-11-01")]
    Second,
}

#[versioned(Dated, since = Second)]
async fn dated() -> &'static str {
    "dated"
}

/// BEHAVIOURS 2.5/12, 36.
#[tokio::test]
async fn a_version_that_is_required_is_asked_for_with_the_name_of_its_place() {
    for (readers, words) in [
        (VersionReaders::default(), "send `API-Version: 2025-11-01`"),
        (VersionReaders::new().query("v"), "add `?v=2025-11-01`"),
        (VersionReaders::new().path_under("/api"), "ask below `/api/2025-11-01`"),
        (
            VersionReaders::new().media_type("application/vnd.x"),
            "send `Accept: application/json;v=2025-11-01`",
        ),
    ] {
        let tollgate = Tollgate::builder().versions::<Dated>(readers).build().unwrap();
        let app = axum::Router::new().route("/", axum::routing::get(dated)).layer(tollgate.layer());
        let answer = tollgate::testing::Client::new(app).get("/").await;
        assert_eq!(answer.status(), 400);
        assert!(
            answer.text().contains("version_required") && answer.text().contains(words),
            "{}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn days_are_compared_as_days() {
    let app = axum::Router::new().route("/", axum::routing::get(dated));
    let client = tollgate::testing::Client::new(app);
    for (version, status) in [
        ("2025-01-31", 404),
        ("2025-11-01", 200),
        ("v2025-11-01.0", 200),
        ("2025-11-02", 400),
        ("2025-02-30", 400),
    ] {
        assert_eq!(
            client.clone().with_header("api-version", version).get("/").await.status(),
            status,
            "{version}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_that_is_written_anywhere_is_the_services_fault(
        header in "[ -~]{0,20}",
        query in "[a-z0-9=&%.;-]{0,20}",
        accept in "[a-z0-9/;,=.q\" v-]{0,30}",
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let uri = format!("/airports/CDG?api-version={query}");
        let answer = runtime.block_on(asked(&uri, &[("api-version", &header), ("accept", &accept)]));
        prop_assert!(answer.status().as_u16() < 500, "{}", answer.status());
    }

    #[test]
    fn spellings_of_one_version_are_never_two(number in prop::sample::select(vec!["1", "v1", "V1", "1.0", "v1.0.0"]), other in prop::sample::select(vec!["1", "v1", "1.0", "1.0.0"])) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let uri = format!("/airports/CDG?api-version={number}");
        let answer = runtime.block_on(asked(&uri, &[("api-version", other)]));
        prop_assert_eq!(answer.status().as_u16(), 200);
    }
}
