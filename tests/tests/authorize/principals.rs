//! `key = principal`: who shares a budget.

use axum::routing::get;
use http::{Method, StatusCode};
use tollgate::testing::Client;
use tollgate::{Principal, rate_limited};
use tollgate_tests::{from_client, site};

use crate::support::{and, service, statuses, user};

#[rate_limited("2/minute", key = principal)]
async fn limited() {}

/// How many requests of a client are admitted until one is refused.
async fn admitted(client: &Client) -> u32 {
    for admitted in 0..100 {
        if client.get("/").await.status() == StatusCode::TOO_MANY_REQUESTS {
            return admitted;
        }
    }
    panic!("no request was refused")
}

#[tokio::test]
async fn a_principal_has_one_budget_wherever_and_however_it_asks() {
    let (service, _) = service(get(limited));
    let from = |address: &str| from_client(address, user("ada"));
    assert_eq!(service.send(from("10.0.0.1")).await.status, StatusCode::OK);
    assert_eq!(service.send(from("10.0.0.2")).await.status, StatusCode::OK);
    let head = and(tollgate_tests::request(Method::HEAD, "/?x=1"), "x-user", "ada");
    for request in [from("10.0.0.3"), head, and(user("ada"), "x-forwarded-for", "1.1.1.1")] {
        assert_eq!(service.send(request).await.status, StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(statuses(&service, "bob bob bob").await, "200 200 429");
    assert_eq!(service.counts(site!(limited)), "rate_limited admitted 4, refused 4");
}

#[tokio::test]
async fn roles_and_scopes_make_no_other_principal() {
    let (service, _) = service(get(limited));
    let client = |principal| Client::new(service.router()).as_principal(principal);
    assert_eq!(admitted(&client(Principal::new("ada"))).await, 2);
    assert_eq!(admitted(&client(Principal::new("ada").with_role("editor").with_scope("air:read"))).await, 0);
}

#[tokio::test]
async fn principals_of_different_tenants_never_share_a_budget() {
    let (service, _) = service(get(limited));
    let of = |tenant: &str, subject: &str| Principal::new(subject).with_tenant(tenant);
    let all = [
        Principal::new("ada"),
        of("paris", "ada"),
        of("rome", "ada"),
        of("", "ada"),
        of("paris", "bob"),
        of("parisa", "da"),
        of("paris\0", "ada"),
        Principal::new("paris\0ada"),
        Principal::new("paris:ada"),
        Principal::new("paris@ada"),
        Principal::new(""),
        of("", ""),
        of("ada", ""),
        Principal::new("Ada"),
        Principal::new("ada "),
        Principal::new("a".repeat(100_000)),
        Principal::new("a".repeat(100_001)),
    ];
    for principal in all {
        let client = Client::new(service.router()).as_principal(principal.clone());
        assert_eq!(admitted(&client).await, 2, "{:?} {:?}", principal.tenant(), principal.subject().len());
    }
}

#[rate_limited("2/minute", key = (principal, header("x-tenant")))]
async fn by_tuple() {}

#[tokio::test]
async fn a_principal_and_a_header_count_together() {
    let (service, _) = service(get(by_tuple));
    let of = |name: &str, tenant: &str| and(user(name), "x-tenant", tenant);
    for (name, tenant) in
        [("ada", "paris"), ("ada", "rome"), ("bob", "paris"), ("adap", "aris"), ("ada@paris", "paris")]
    {
        for status in [StatusCode::OK, StatusCode::OK, StatusCode::TOO_MANY_REQUESTS] {
            assert_eq!(service.send(of(name, tenant)).await.status, status, "{name} {tenant}");
        }
    }
}

#[rate_limited("2/minute", key = (header("x-user"), ip))]
#[rate_limited("3/minute", key = principal)]
async fn looks_like_one() {}

#[tokio::test]
async fn a_text_is_never_taken_for_a_principal() {
    let (service, _) = service(get(looks_like_one));
    let answer = service.send(from_client("10.0.0.1", user("ada"))).await;
    assert_eq!(answer.rate_limit(), r#""x-user-ip-minute";r=1;t=30, "principal-minute";r=2;t=20"#);
    let answer = service.send(from_client("10.0.0.2", user("ada"))).await;
    assert_eq!(answer.rate_limit(), r#""x-user-ip-minute";r=1;t=30, "principal-minute";r=1;t=20"#);
}
