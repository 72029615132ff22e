//! Resolvers that wait, break or are not there.

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use http::request::Parts;
use tollgate::{Principal, PrincipalResolver, Refusal, Tollgate, authorize, rate_limited, with_metrics};
use tollgate_tests::{Service, site};

use crate::support::{service, statuses, user};

#[with_metrics]
#[rate_limited("9/minute")]
#[rate_limited("9/minute", key = principal)]
#[authorize]
async fn guarded() {}

#[tokio::test]
async fn a_resolver_that_panics_breaks_one_request_and_no_other() {
    let (service, _) = service(get(guarded));
    let asking = service.clone();
    let broken = tokio::spawn(async move { asking.send(user("broken")).await }).await;
    assert!(broken.unwrap_err().is_panic());
    assert_eq!(statuses(&service, "ada").await, "200");
    let counts = "with_metrics completed 1, panicked 1, rate_limited admitted 2, authorize admitted 1, \
                  rate_limited:principal admitted 1";
    assert_eq!(service.counts(site!(guarded)), counts);
}

/// Waits before it answers.
struct Slow;

impl PrincipalResolver for Slow {
    async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal> {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        let name = parts.headers.get("x-user").and_then(|name| name.to_str().ok());
        Ok(name.map(Principal::new))
    }
}

#[tokio::test]
async fn a_resolver_may_wait() {
    let service = Service::with(Tollgate::builder().principal(Slow), Router::new().route("/", get(guarded)));
    assert_eq!(statuses(&service, "- ada").await, "401 200");
}

#[authorize]
async fn refusing() {}

async fn argument(_: Principal) {}

#[rate_limited("9/minute", key = principal, missing = reject)]
async fn rejecting() {}

#[tokio::test]
async fn without_a_resolver_whatever_needs_a_principal_answers_401() {
    for handler in [get(refusing), get(argument), get(rejecting)] {
        let service = Service::of(Router::new().route("/", handler));
        let answer = service.send(user("ada")).await;
        assert_eq!((answer.status, answer.field("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    }
}

#[rate_limited("2/minute", key = principal)]
async fn by_principal(somebody: Option<Principal>) -> String {
    format!("{}", somebody.is_none())
}

#[tokio::test]
async fn without_a_resolver_nobody_is_anybody() {
    let service = Service::of(Router::new().route("/", get(by_principal)));
    assert_eq!(service.send(user("ada")).await.body, "true");
    assert_eq!(statuses(&service, "bob -").await, "200 429");
}
