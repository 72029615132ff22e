//! The rate-limit fields of answers that `authorize` has a part in.

use axum::routing::get;
use http::StatusCode;
use tollgate::{authorize, rate_limited};
use tollgate_tests::Answer;

use crate::support::{nobody, service, user};

#[rate_limited("10/minute", "100/hour")]
#[rate_limited("5/minute", key = principal)]
#[authorize(role = "editor")]
async fn both_sides() {}

const POLICY: &str = r#""ip-minute";q=10;w=60, "ip-hour";q=100;w=3600, "principal-minute";q=5;w=60"#;

fn fields(answer: &Answer) -> (u16, &str, &str) {
    (answer.status.as_u16(), answer.rate_limit(), answer.field("ratelimit-policy"))
}

#[tokio::test]
async fn who_is_refused_learns_how_the_door_stands_and_who_passes_learns_the_rest() {
    let (service, _) = service(get(both_sides));
    let answer = service.send(nobody()).await;
    assert_eq!(fields(&answer), (401, r#""ip-minute";r=9;t=6, "ip-hour";r=99;t=36"#, POLICY));
    let answer = service.send(user("bob")).await;
    assert_eq!(fields(&answer), (403, r#""ip-minute";r=8;t=6, "ip-hour";r=98;t=36"#, POLICY));
    let answer = service.send(user("ada")).await;
    let standing = r#""ip-minute";r=7;t=6, "ip-hour";r=97;t=36, "principal-minute";r=4;t=12"#;
    assert_eq!(fields(&answer), (200, standing, POLICY));
    let answer = service.send(user("away")).await;
    assert_eq!(fields(&answer), (503, r#""ip-minute";r=6;t=6, "ip-hour";r=96;t=36"#, POLICY));
}

#[tokio::test]
async fn a_429_from_behind_tells_how_both_sides_stand() {
    let (service, _) = service(get(both_sides));
    for _ in 0..5 {
        assert_eq!(service.send(user("ada")).await.status, StatusCode::OK);
    }
    let answer = service.send(user("ada")).await;
    let standing = r#""ip-minute";r=4;t=6, "ip-hour";r=94;t=36, "principal-minute";r=0;t=12"#;
    assert_eq!(fields(&answer), (429, standing, POLICY));
    assert_eq!(answer.field("retry-after"), "12");
    assert_eq!(answer.json()["violated-policies"], serde_json::json!(["principal-minute"]));
}

#[rate_limited("2/minute")]
#[rate_limited("5/minute", key = principal)]
#[authorize]
async fn strict_door() {}

#[tokio::test]
async fn a_429_at_the_door_tells_nothing_of_what_is_behind() {
    let (service, _) = service(get(strict_door));
    service.send(user("ada")).await;
    service.send(user("ada")).await;
    let answer = service.send(user("ada")).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.rate_limit(), r#""ip-minute";r=0;t=30"#);
}

#[rate_limited("5/minute", key = principal)]
#[authorize]
async fn only_behind() {}

#[tokio::test]
async fn without_a_limit_at_the_door_a_401_has_no_fields() {
    let (service, _) = service(get(only_behind));
    assert_eq!(fields(&service.send(nobody()).await), (401, "", ""));
    let answer = service.send(user("ada")).await;
    assert_eq!(fields(&answer), (200, r#""default";r=4;t=12"#, r#""default";q=5;w=60"#));
}

#[authorize]
async fn alone() {}

#[tokio::test]
async fn authorize_alone_adds_nothing_to_an_answer() {
    let (service, _) = service(get(alone));
    let answer = service.send(user("ada")).await;
    let names: Vec<_> = answer.headers.keys().map(http::HeaderName::as_str).collect();
    assert_eq!((answer.status, names), (StatusCode::OK, vec!["content-length"]));
}

#[rate_limited("5/minute", key = header("a"), missing = skip)]
#[rate_limited("5/minute", key = principal)]
#[authorize]
async fn skipped_door() {}

#[tokio::test]
async fn a_limit_that_is_skipped_at_the_door_leaves_the_one_behind_in_its_place() {
    let (service, _) = service(get(skipped_door));
    assert_eq!(fields(&service.send(nobody()).await), (401, "", ""));
    let answer = service.send(user("ada")).await;
    assert_eq!(answer.rate_limit(), r#""principal-minute";r=4;t=12"#);
    assert_eq!(answer.field("ratelimit-policy"), r#""a-minute";q=5;w=60, "principal-minute";q=5;w=60"#);
}
