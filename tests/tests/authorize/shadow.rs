//! Limits in shadow mode on both sides of `authorize`.

use axum::routing::get;
use tollgate::{authorize, rate_limited};
use tollgate_tests::site;

use crate::support::{nobody, service, statuses, user};

#[rate_limited("1/minute", shadow)]
#[rate_limited("1/minute", key = principal, shadow)]
#[authorize(role = "editor")]
async fn both_in_shadow() {}

#[tokio::test]
async fn they_refuse_nobody_and_send_no_fields() {
    let (service, _) = service(get(both_in_shadow));
    assert_eq!(statuses(&service, "- bob ada ada ada").await, "401 403 200 200 200");
    let counts = "rate_limited admitted 1, shadow_refused 4, authorize admitted 3, refused 2, \
                  rate_limited:principal admitted 1, shadow_refused 2";
    assert_eq!(service.counts(site!(both_in_shadow)), counts);
    for request in [nobody(), user("ada")] {
        let answer = service.send(request).await;
        assert_eq!((answer.rate_limit(), answer.field("ratelimit-policy")), ("", ""));
    }
}

#[rate_limited("3/minute")]
#[rate_limited("1/minute", shadow)]
#[rate_limited("2/minute", key = principal)]
#[rate_limited("1/minute", key = principal, shadow)]
#[authorize]
async fn trials() {}

#[tokio::test]
async fn trials_change_nothing_about_the_limits_that_they_stand_beside() {
    let (service, _) = service(get(trials));
    let answer = service.send(user("ada")).await;
    assert_eq!(answer.rate_limit(), r#""ip-minute";r=2;t=20, "principal-minute";r=1;t=30"#);
    assert_eq!(statuses(&service, "ada bob ada").await, "200 200 429");
    let counts = "rate_limited admitted 3, refused 1, rate_limited:ip-shadow admitted 1, shadow_refused 3, \
                  authorize admitted 3, \
                  rate_limited:principal admitted 3, rate_limited:principal-shadow admitted 2, shadow_refused 1";
    assert_eq!(service.counts(site!(trials)), counts);
}

#[rate_limited("1/minute", key = principal, missing = reject, shadow)]
async fn rejecting_in_shadow() {}

#[tokio::test]
async fn a_missing_principal_is_told_and_not_refused() {
    let (service, _) = service(get(rejecting_in_shadow));
    assert_eq!(statuses(&service, "- wrong away ada ada").await, "200 200 200 200 200");
    assert_eq!(service.counts(site!(rejecting_in_shadow)), "rate_limited admitted 1, shadow_refused 4");
}
