//! `missing` of a limit by principal: what becomes of requests of nobody.

use axum::routing::get;
use http::StatusCode;
use tollgate::{authorize, rate_limited};
use tollgate_tests::{Answer, from_client, site};

use crate::support::{and, nobody, service, statuses, user};

#[rate_limited("2/minute", key = principal)]
async fn shared() {}

#[tokio::test]
async fn all_who_have_proven_nothing_share_one_budget() {
    let (service, _) = service(get(shared));
    assert_eq!(statuses(&service, "- wrong away - ada").await, "200 200 429 429 200");
    assert_eq!(service.send(from_client("10.0.0.9", nobody())).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(service.counts(site!(shared)), "rate_limited admitted 3, refused 3");
}

#[rate_limited("2/minute", key = principal, missing = skip)]
async fn skipped() {}

#[tokio::test]
async fn a_limit_that_is_skipped_counts_principals_alone() {
    let (service, _) = service(get(skipped));
    assert_eq!(statuses(&service, "- - - wrong away ada ada ada").await, "200 200 200 200 200 200 200 429");
    assert_eq!(service.send(nobody()).await.rate_limit(), "");
    assert_eq!(service.counts(site!(skipped)), "rate_limited admitted 2, refused 1, skipped 6");
}

#[rate_limited("2/minute", key = principal, missing = reject)]
async fn rejected() {}

fn challenge(answer: &Answer) -> (u16, &str, &str) {
    (answer.status.as_u16(), answer.field("www-authenticate"), answer.rate_limit())
}

#[tokio::test]
async fn a_rejected_request_without_credentials_is_a_401() {
    let (service, _) = service(get(rejected));
    let answer = service.send(nobody()).await;
    assert_eq!(challenge(&answer), (401, "Bearer", ""));
    assert_eq!(answer.json()["detail"], "this request needs credentials");
    assert_eq!(statuses(&service, "ada ada ada -").await, "200 200 429 401");
    assert_eq!(service.counts(site!(rejected)), "rate_limited admitted 2, refused 3");
}

#[tokio::test]
async fn a_rejected_request_with_invalid_credentials_learns_that_they_are() {
    let (service, _) = service(get(rejected));
    let answer = service.send(user("wrong")).await;
    assert_eq!(challenge(&answer), (401, "Bearer error=\"invalid_token\"", ""));
    assert_eq!(answer.json()["detail"], "the credentials of this request are not valid");
}

#[tokio::test]
async fn a_request_is_not_told_to_present_credentials_that_nobody_can_check() {
    let (service, _) = service(get(rejected));
    let answer = service.send(user("away")).await;
    assert_eq!(challenge(&answer), (503, "", ""));
    assert_eq!(service.counts(site!(rejected)), "rate_limited refused 1");
}

#[rate_limited("2/minute", key = (principal, header("x-tenant")), missing = reject)]
async fn rejected_tuple() {}

#[tokio::test]
async fn of_a_tuple_the_missing_part_decides_between_401_and_400() {
    let (service, _) = service(get(rejected_tuple));
    let tenant = |request| and(request, "x-tenant", "paris");
    assert_eq!(service.send(tenant(user("ada"))).await.status, StatusCode::OK);
    assert_eq!(challenge(&service.send(tenant(nobody())).await), (401, "Bearer", ""));
    assert_eq!(challenge(&service.send(nobody()).await), (401, "Bearer", ""));
    let answer = service.send(user("ada")).await;
    assert_eq!(challenge(&answer), (400, "", ""));
    assert_eq!(answer.json()["detail"], "the request lacks what its rate limit counts by");
}

#[rate_limited("9/minute")]
#[rate_limited("2/minute", key = principal, missing = reject)]
async fn rejected_behind_a_door() {}

#[tokio::test]
async fn who_is_rejected_behind_the_door_was_charged_there() {
    let (service, _) = service(get(rejected_behind_a_door));
    let answer = service.send(nobody()).await;
    assert_eq!(challenge(&answer), (401, "Bearer", r#""ip-minute";r=8;t=7"#));
    let counts = "rate_limited admitted 1, rate_limited:principal refused 1";
    assert_eq!(service.counts(site!(rejected_behind_a_door)), counts);
}

#[rate_limited("2/minute", key = principal, missing = reject)]
#[authorize]
async fn behind_authorize() {}

#[tokio::test]
async fn behind_authorize_no_principal_is_ever_missing() {
    let (service, _) = service(get(behind_authorize));
    assert_eq!(statuses(&service, "- wrong away ada").await, "401 401 503 200");
    let counts = "authorize admitted 1, refused 2, unavailable 1, rate_limited admitted 1";
    assert_eq!(service.counts(site!(behind_authorize)), counts);
}
