//! Who shares a budget.

use std::net::SocketAddr;
use std::time::Duration;

use axum::body::Body;
use axum::extract::connect_info::{ConnectInfo, MockConnectInfo};
use axum::routing::get;
use axum::{Extension, Router};
use http::{Request, StatusCode};
use tollgate::{Key, RateLimitKey, RequestFacts, rate_limited};
use tollgate_tests::Service;

use crate::support::{admitted, and, from, request, service, with};

#[rate_limited("2/minute")]
async fn by_address() {}

#[rate_limited("2/minute", key = global)]
async fn by_nothing() {}

#[rate_limited("2/minute", key = header("X-API-Key"))]
async fn by_header() {}

#[rate_limited("2/minute", key = (header("a"), header("b")))]
async fn by_two_headers() {}

#[rate_limited("2/minute", key = (ip, header("a")))]
async fn by_address_and_header() {}

/// Requests that must not share a budget: each is admitted twice, whatever was sent before it.
async fn are_apart(service: &Service, requests: impl IntoIterator<Item = impl Fn() -> Request<Body>>) {
    for (place, request) in requests.into_iter().enumerate() {
        assert_eq!(admitted(service, &request).await, 2, "{place}: {:?}", request());
    }
}

/// Requests that must share the budget which the first of them uses up.
async fn are_together(service: &Service, requests: impl IntoIterator<Item = impl Fn() -> Request<Body>>) {
    for (place, request) in requests.into_iter().enumerate() {
        let expected = if place == 0 { 2 } else { 0 };
        assert_eq!(admitted(service, &request).await, expected, "{place}: {:?}", request());
    }
}

#[tokio::test]
async fn each_address_has_a_budget() {
    let addresses = ["10.0.0.1", "10.0.0.2", "127.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1:0:0:0:1"];
    are_apart(&service(get(by_address)), addresses.map(|address| move || from(address))).await;
}

#[tokio::test]
async fn an_ipv6_network_of_64_bits_is_one_client() {
    let service = service(get(by_address));
    let one = ["2001:db8::1", "2001:db8::2", "2001:db8::ffff:ffff:ffff:ffff", "2001:db8:0:0:8000::"];
    are_together(&service, one.map(|address| move || from(address))).await;
    let others = ["2001:db8:0:1::1", "2001:db9::1", "2001:db8:0:8000::1"];
    are_apart(&service, others.map(|address| move || from(address))).await;
}

#[tokio::test]
async fn an_ipv4_address_mapped_into_ipv6_is_that_address() {
    let service = service(get(by_address));
    are_together(
        &service,
        ["10.0.0.1", "::ffff:10.0.0.1", "::ffff:0a00:1"].map(|address| move || from(address)),
    )
    .await;
    are_apart(&service, ["::ffff:10.0.0.2", "10.0.0.3"].map(|address| move || from(address))).await;
}

#[tokio::test]
async fn the_port_of_a_connection_does_not_count() {
    let on_port = |port| {
        move || {
            let mut request = request();
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], port))));
            request
        }
    };
    are_together(&service(get(by_address)), [1, 80, 65_535].map(on_port)).await;
}

#[tokio::test]
async fn a_mocked_address_counts_as_one() {
    let mocked = |last| MockConnectInfo(SocketAddr::from(([10, 0, 0, last], 80)));
    let router = Router::new().route("/", get(by_address));
    let one = Service::of(router.clone().layer(mocked(1)));
    assert_eq!(admitted(&one, request).await, 2);
    assert_eq!(admitted(&one, || from("10.0.0.2")).await, 2, "a real one wins");
}

#[tokio::test]
async fn the_address_of_another_kind_of_connection_is_missing() {
    let service =
        Service::of(Router::new().route("/", get(by_address)).layer(Extension(ConnectInfo("unix"))));
    are_together(&service, [request, request]).await;
}

#[tokio::test]
async fn everyone_shares_the_global_budget() {
    let requests = [from("10.0.0.1"), from("2001:db8::1"), request(), with("x-api-key", "a")];
    let service = service(get(by_nothing));
    for (request, status) in requests.into_iter().zip([200, 200, 429, 429]) {
        assert_eq!(service.send(request).await.status.as_u16(), status);
    }
}

#[tokio::test]
async fn each_value_of_a_header_field_has_a_budget() {
    let long = |last: &str| "k".repeat(4_095) + last;
    let texts = ["alice", "Alice", "alice bob", "alice,bob", "", &long("1"), &long("2")];
    let mut values = texts.map(|text| text.as_bytes().to_vec()).to_vec();
    values.extend([vec![0xff, 0xfe], vec![0xc3, 0xa9]]);
    are_apart(&service(get(by_header)), values.iter().map(|value| move || with("x-api-key", value))).await;
}

#[tokio::test]
async fn the_name_of_a_header_field_has_no_case() {
    let service = service(get(by_header));
    let names = ["x-api-key", "X-API-KEY", "X-Api-Key"];
    are_together(&service, names.map(|name| move || with(name, "alice"))).await;
    let addresses = ["10.0.0.1", "10.0.0.2"];
    for address in addresses {
        let request = || and(from(address), "x-api-key", "alice");
        assert_eq!(admitted(&service, request).await, 0, "the address does not count");
    }
}

#[tokio::test]
async fn the_first_line_of_a_header_field_counts() {
    let service = service(get(by_header));
    let two_lines = |first: &'static str, second: &'static str| {
        move || and(with("x-api-key", first), "x-api-key", second)
    };
    are_together(&service, [two_lines("alice", "bob"), two_lines("alice", "carol"), two_lines("alice", "")])
        .await;
    assert_eq!(admitted(&service, || with("x-api-key", "alice")).await, 0);
    assert_eq!(admitted(&service, two_lines("bob", "alice")).await, 2);
}

/// The tenant, told in one of several ways that look alike.
struct Tenant;

impl RateLimitKey for Tenant {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        let tenant = facts.headers().get("tenant")?.to_str().ok()?;
        Some(match facts.headers().get("kind")?.as_bytes() {
            b"text" => tenant.into(),
            b"number" => tenant.parse::<u64>().ok()?.into(),
            b"bytes" => Key::bytes(tenant),
            b"parts" => Key::join(tenant.split('/').map(Key::from)),
            b"address" => Key::address(tenant.parse().ok()?),
            b"everyone" => Key::EVERYONE,
            b"route" => facts.matched_route()?.into(),
            b"method" => facts.method().as_str().into(),
            _ => return None,
        })
    }
}

#[rate_limited("2/minute", key = Tenant)]
async fn by_tenant() {}

fn tenant(kind: &'static str, tenant: &'static str) -> impl Fn() -> Request<Body> {
    move || and(with("kind", kind), "tenant", tenant)
}

#[tokio::test]
async fn a_type_of_ones_own_says_who_shares_a_budget() {
    let service = service(get(by_tenant));
    are_apart(&service, [tenant("text", "acme"), tenant("text", "globex")]).await;
    are_apart(&service, [tenant("address", "2001:db8::1"), tenant("address", "10.0.0.1")]).await;
    let network = ["2001:db8:0:2::1", "2001:db8:0:2::2"];
    are_together(&service, network.map(|address| tenant("address", address))).await;
    are_together(&service, [tenant("everyone", "acme"), tenant("everyone", "globex")]).await;
    are_together(&service, [tenant("route", "a"), tenant("text", "/"), tenant("route", "b")]).await;
    are_together(&service, [tenant("method", "a"), tenant("text", "GET")]).await;
}

#[tokio::test]
async fn those_who_share_by_their_key_do_not_share_with_those_who_have_none() {
    let service = service(get(by_tenant));
    are_apart(&service, [tenant("everyone", "acme"), tenant("none", "acme")]).await;
    assert_eq!(admitted(&service, request).await, 0, "who have none share one budget");
}

#[tokio::test]
async fn kinds_of_keys_that_look_alike_are_apart() {
    let kinds = ["text", "number", "bytes", "parts"];
    are_apart(&service(get(by_tenant)), kinds.map(|kind| tenant(kind, "7"))).await;
}

#[tokio::test]
async fn parts_of_joined_keys_never_run_into_each_other() {
    let service = service(get(by_tenant));
    are_apart(
        &service,
        ["a/b", "ab/", "/ab", "a/b/", "", "/", "xta/b", "x/atb", "atb"].map(|parts| tenant("parts", parts)),
    )
    .await;
}

fn two_headers(a: &'static str, b: &'static str) -> impl Fn() -> Request<Body> {
    move || and(with("a", a), "b", b)
}

#[tokio::test]
async fn a_tuple_counts_by_all_of_its_parts_and_separators_inside_of_them_never_collide() {
    let service = service(get(by_two_headers));
    let pairs = [
        ("a:b", "c"),
        ("a", "b:c"),
        ("a:b:c", ""),
        ("", "a:b:c"),
        ("c", "a:b"),
        ("a-b", "c"),
        ("a", "b-c"),
        ("xba", "b"),
        ("x", "abb"),
    ];
    are_apart(&service, pairs.map(|(a, b)| two_headers(a, b))).await;
    are_together(&service, [two_headers("x", "y"), two_headers("x", "y")]).await;
}

#[tokio::test]
async fn a_tuple_of_an_address_and_a_field_counts_by_both() {
    let service = service(get(by_address_and_header));
    let pairs = [("10.0.0.1", "x"), ("10.0.0.1", "y"), ("10.0.0.2", "x"), ("2001:db8::1", "x")];
    are_apart(&service, pairs.map(|(address, field)| move || and(from(address), "a", field))).await;
    assert_eq!(admitted(&service, || and(from("2001:db8::2"), "a", "x")).await, 0, "the same network");
}

#[tokio::test]
async fn one_client_that_is_refused_leaves_the_others_theirs_and_each_refills_by_itself() {
    let service = service(get(by_address));
    assert_eq!(admitted(&service, || from("10.0.0.1")).await, 2);
    service.clock.advance(Duration::from_secs(15));
    assert_eq!(admitted(&service, || from("10.0.0.2")).await, 2);
    service.clock.advance(Duration::from_secs(15));
    assert_eq!(service.send(from("10.0.0.1")).await.status, StatusCode::OK);
    assert_eq!(service.send(from("10.0.0.2")).await.status, StatusCode::TOO_MANY_REQUESTS);
}
