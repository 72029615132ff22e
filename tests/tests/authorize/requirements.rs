//! Who may: roles, scopes, checks, and all of them together.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::routing::{any, get};
use http::{Method, StatusCode};
use tollgate::{Principal, RequestFacts, Tollgate, authorize};
use tollgate_tests::{Service, from_client, site};

use crate::support::{Users, and, service, statuses, user};

fn is_ada(principal: &Principal, _: &RequestFacts<'_>) -> bool {
    principal.subject() == "ada"
}

/// Holds how each of `ada bob eve -` is answered under these requirements.
macro_rules! requirements {
    ($(#[authorize $($arguments:tt)*] => $statuses:literal;)+) => {$({
        #[authorize $($arguments)*]
        async fn required() {}
        let (service, _) = service(get(required));
        assert_eq!(statuses(&service, "ada bob eve -").await, $statuses, "{}", stringify!($($arguments)*));
    })+};
}

#[tokio::test]
async fn every_part_of_a_requirement_has_to_hold() {
    requirements! {
        #[authorize] => "200 200 200 401";
        #[authorize()] => "200 200 200 401";
        #[authorize(role = "reader")] => "200 200 403 401";
        #[authorize(role = "editor")] => "200 403 403 401";
        #[authorize(role = "owner")] => "403 403 403 401";
        #[authorize(any_role = ["owner", "editor"])] => "200 403 403 401";
        #[authorize(any_role = ["editor", "reader"])] => "200 200 403 401";
        #[authorize(any_role = ["owner", "admin"])] => "403 403 403 401";
        #[authorize(scope = "air:read")] => "200 200 403 401";
        #[authorize(scope = "air:write")] => "200 403 403 401";
        #[authorize(check = is_ada)] => "200 403 403 401";
        #[authorize(role = "reader", scope = "air:write")] => "200 403 403 401";
        #[authorize(role = "owner", scope = "air:read")] => "403 403 403 401";
        #[authorize(role = "reader", check = is_ada)] => "200 403 403 401";
        #[authorize(any_role = ["reader"], scope = "air:read", check = is_ada)] => "200 403 403 401";
        #[authorize(role = "owner", check = is_ada)] => "403 403 403 401";
        #[authorize(scope = "air:delete", check = is_ada)] => "403 403 403 401";
    }
}

#[tokio::test]
async fn roles_and_scopes_are_compared_letter_for_letter() {
    requirements! {
        #[authorize(role = "Editor")] => "403 403 403 401";
        #[authorize(role = "edit")] => "403 403 403 401";
        #[authorize(role = "air:write")] => "403 403 403 401";
        #[authorize(scope = "editor")] => "403 403 403 401";
        #[authorize(scope = "air")] => "403 403 403 401";
        #[authorize(scope = "air:Write")] => "403 403 403 401";
    }
}

static CHECKED: AtomicUsize = AtomicUsize::new(0);

fn counting(_: &Principal, _: &RequestFacts<'_>) -> bool {
    CHECKED.fetch_add(1, Ordering::SeqCst) > 0
}

#[authorize(role = "editor", scope = "air:write", check = counting)]
async fn checked_last() {}

#[tokio::test]
async fn a_check_is_asked_last_and_once() {
    let (service, _) = service(get(checked_last));
    assert_eq!(statuses(&service, "- wrong away eve bob").await, "401 401 503 403 403");
    assert_eq!(CHECKED.load(Ordering::SeqCst), 0);
    assert_eq!(statuses(&service, "ada").await, "403");
    assert_eq!(CHECKED.load(Ordering::SeqCst), 1);
    assert_eq!(statuses(&service, "ada").await, "200");
    assert_eq!(CHECKED.load(Ordering::SeqCst), 2);
}

/// Everything that a check can see of a request.
fn sees_everything(principal: &Principal, facts: &RequestFacts<'_>) -> bool {
    principal.tenant() == Some("paris")
        && facts.principal() == Some(principal)
        && *facts.method() == Method::DELETE
        && facts.matched_route() == Some("/airports/{iata}")
        && facts.client().is_some_and(|client| client.to_string() == "10.0.0.1")
        && facts.headers().get("x-reason").is_some_and(|reason| reason == "closed")
}

#[authorize(check = sees_everything)]
async fn seen() {}

#[tokio::test]
async fn a_check_sees_the_head_of_the_request_and_the_principal() {
    let router = axum::Router::new().route("/airports/{iata}", any(seen));
    let service = Service::with(Tollgate::builder().principal(Users::default()), router);
    let request = |method, address| {
        let request = tollgate_tests::request(method, "/airports/CDG");
        from_client(address, and(and(request, "x-user", "ada@paris"), "x-reason", "closed"))
    };
    assert_eq!(service.send(request(Method::DELETE, "10.0.0.1")).await.status, StatusCode::OK);
    assert_eq!(service.send(request(Method::DELETE, "10.0.0.2")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(service.send(request(Method::PUT, "10.0.0.1")).await.status, StatusCode::FORBIDDEN);
}

mod checks {
    use super::{Principal, RequestFacts};

    pub(super) struct Checks;

    impl Checks {
        pub(super) fn is_bob(principal: &Principal, _: &RequestFacts<'_>) -> bool {
            principal.subject() == "bob"
        }
    }
}

#[authorize(check = checks::Checks::is_bob)]
async fn checked_by_a_path() {}

#[tokio::test]
async fn a_check_is_named_by_any_path() {
    let (service, _) = service(get(checked_by_a_path));
    assert_eq!(statuses(&service, "ada bob").await, "403 200");
}

fn breaks(_: &Principal, facts: &RequestFacts<'_>) -> bool {
    facts.headers().get("x-break").is_none() || panic!("a check breaks")
}

#[authorize(check = breaks)]
async fn broken() {}

#[tokio::test]
async fn a_check_that_panics_lets_nobody_pass_and_nobody_else_suffer() {
    let (service, _) = service(get(broken));
    let (asking, request) = (service.clone(), and(user("ada"), "x-break", "1"));
    assert!(tokio::spawn(async move { asking.send(request).await }).await.unwrap_err().is_panic());
    assert_eq!(statuses(&service, "ada").await, "200");
    assert_eq!(service.counts(site!(broken)), "authorize admitted 1");
}

#[authorize(role = "editor")]
async fn guarded_generic<T: Default + ToString + Send + 'static>() -> String {
    T::default().to_string()
}

#[tokio::test]
async fn a_generic_handler_is_guarded_for_every_type() {
    let (numbers, _) = service(get(guarded_generic::<u32>));
    let (words, _) = service(get(guarded_generic::<String>));
    assert_eq!(statuses(&numbers, "ada bob -").await, "200 403 401");
    assert_eq!(statuses(&words, "ada bob -").await, "200 403 401");
    assert_eq!(numbers.send(user("ada")).await.body, "0");
}

#[authorize(name = "renaming an airport")]
async fn named() {}

#[tokio::test]
async fn its_name_is_what_metrics_call_it() {
    let (service, _) = service(get(named));
    statuses(&service, "ada - wrong away").await;
    assert_eq!(service.counts("renaming an airport"), "authorize admitted 1, refused 2, unavailable 1");
}
