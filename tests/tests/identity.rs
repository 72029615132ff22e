//! Who the client is: the peer, or whom exactly the trusted proxies name in exactly one field.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

use axum::Router;
use axum::body::Body;
use axum::extract::connect_info::MockConnectInfo;
use axum::routing::get;
use http::{HeaderName, HeaderValue, Request, StatusCode};
use tollgate::{
    ApiKeys, AuthScheme, BearerTokens, ForwardedHeader, FromExtension, Principal, RequestFacts, Tollgate,
    TollgateBuilder, rate_limited,
};
use tollgate_tests::{CLIENT_FIELDS, Service, from_client};

/// What they may say.
fn values() -> Vec<Vec<u8>> {
    let values = [
        "1.1.1.1",
        "1.1.1.1, 2.2.2.2",
        "::1",
        "127.0.0.1",
        "unknown",
        "_hidden",
        "1.1.1.1:8080",
        "[2001:db8::1]:1",
        "",
        " \t ",
        "999.1.1.1",
        "for=1.1.1.1",
        "for=\"[2001:db8::1]:1\";proto=https",
        "10.0.0.1",
        "fe80::1%eth0",
        "1.1.1.1\\, 2.2.2.2",
    ];
    let mut values: Vec<_> = values.map(|value| value.as_bytes().to_vec()).into();
    values.push("1.1.1.1, ".repeat(455).into_bytes());
    values.push(b"1.1.1.1, \xff\xfe".to_vec());
    values
}

#[rate_limited("1/minute")]
async fn limited() {}

/// Shows nothing but the cost that it made of the client's address: 1 for none, else its last part.
fn last_part(facts: &RequestFacts<'_>) -> u32 {
    let text = facts.client().map_or("0".to_owned(), |client| client.to_string());
    let last = text.rsplit(['.', ':']).next().unwrap();
    u32::from_str_radix(last, 16).unwrap_or(255)
}

#[rate_limited("1000/minute", key = global, cost = last_part)]
async fn shown() {}

/// A service with both, behind these settings.
fn service(settings: TollgateBuilder) -> Service {
    Service::with(settings, Router::new().route("/", get(limited)).route("/shown", get(shown)))
}

fn proxies() -> TollgateBuilder {
    Tollgate::builder().trusted_proxies(["10.0.0.0/8", "2001:db8:aaaa::/48"])
}

fn and(mut request: Request<Body>, name: &str, value: impl AsRef<[u8]>) -> Request<Body> {
    let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
    request.headers_mut().append(name, HeaderValue::from_bytes(value.as_ref()).unwrap());
    request
}

fn from(address: &str) -> Request<Body> {
    from_client(address, tollgate_tests::get("/"))
}

/// Whether these settings count two requests as one client's.
async fn are_one(settings: TollgateBuilder, one: Request<Body>, other: Request<Body>) -> bool {
    let service = service(settings);
    assert_eq!(service.send(one).await.status, StatusCode::OK);
    service.send(other).await.status == StatusCode::TOO_MANY_REQUESTS
}

/// Holds that none of these fields, on one line or two, makes another client of whoever asks from there.
async fn mint_nothing(settings: TollgateBuilder, address: &str, fields: &[&str]) {
    let service = service(settings);
    assert_eq!(service.send(from(address)).await.status, StatusCode::OK);
    for field in fields {
        for value in values() {
            let one = and(from(address), field, &value);
            let two = and(and(from(address), field, &value), field, "3.3.3.3");
            for request in [one, two] {
                let shown = format!("{request:?}");
                assert_eq!(service.send(request).await.status, StatusCode::TOO_MANY_REQUESTS, "{shown}");
            }
        }
    }
    let all = fields.iter().fold(from(address), |request, field| and(request, field, "4.4.4.4"));
    assert_eq!(service.send(all).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn without_trust_no_field_mints_a_budget() {
    mint_nothing(Tollgate::builder(), "198.51.100.7", &CLIENT_FIELDS).await;
    mint_nothing(Tollgate::builder().trusted_proxies([""; 0]), "198.51.100.7", &CLIENT_FIELDS).await;
}

#[tokio::test]
async fn a_peer_that_is_no_trusted_proxy_mints_no_budget() {
    mint_nothing(proxies(), "198.51.100.7", &CLIENT_FIELDS).await;
    mint_nothing(proxies().forwarded_header(ForwardedHeader::Forwarded), "198.51.100.7", &CLIENT_FIELDS)
        .await;
    mint_nothing(proxies(), "2001:db8:bbbb::1", &CLIENT_FIELDS).await;
}

#[tokio::test]
async fn of_a_trusted_proxy_one_field_is_read_and_no_other_mints_a_budget() {
    mint_nothing(proxies(), "10.0.0.1", &CLIENT_FIELDS[1..]).await;
    mint_nothing(Tollgate::builder().trusted_hops(1), "10.0.0.1", &CLIENT_FIELDS[1..]).await;
    let others = [&CLIENT_FIELDS[..1], &CLIENT_FIELDS[2..]].concat();
    mint_nothing(proxies().forwarded_header(ForwardedHeader::Forwarded), "10.0.0.1", &others).await;
}

/// Holds who is the client of `/shown` by the last part of its address, 0 for nobody.
async fn is_client(settings: TollgateBuilder, peer: Option<&str>, lines: &[(&str, &str)], client: u32) {
    let request = tollgate_tests::get("/shown");
    let request = peer.map_or(tollgate_tests::get("/shown"), |peer| from_client(peer, request));
    let request = lines.iter().fold(request, |request, (field, line)| and(request, field, line));
    let answer = service(settings).send(request).await;
    let left = answer.rate_limit().split(['=', ';']).nth(2).unwrap().parse::<u32>().unwrap();
    assert_eq!(1_000 - left, client, "{peer:?} {lines:?}");
}

const XFF: &str = "x-forwarded-for";

#[tokio::test]
async fn behind_trusted_proxies_the_client_is_the_right_most_who_is_none_of_them() {
    let proxy = Some("10.0.0.1");
    for (lines, client) in [
        (&[][..], 1),
        (&[(XFF, "203.0.113.9")], 9),
        (&[(XFF, "6.6.6.6, 203.0.113.9")], 9),
        (&[(XFF, "6.6.6.6, 203.0.113.9, 10.0.0.2, 2001:db8:aaaa::7")], 9),
        (&[(XFF, "6.6.6.6"), (XFF, "203.0.113.9")], 9),
        (&[(XFF, "6.6.6.6, 203.0.113.9"), (XFF, "10.0.0.2")], 9),
        (&[(XFF, "203.0.113.9:443")], 9),
        (&[(XFF, "[2001:db8::9]:443")], 9),
        (&[(XFF, "::ffff:203.0.113.9")], 9),
        (&[(XFF, "10.0.0.4, 10.0.0.3")], 4),
        (&[(XFF, "203.0.113.9, unknown")], 1),
        (&[(XFF, "203.0.113.9, unknown, 10.0.0.3")], 3),
        (&[(XFF, "203.0.113.9,")], 1),
        (&[(XFF, "")], 1),
        (&[("forwarded", "for=203.0.113.9")], 1),
    ] {
        is_client(proxies(), proxy, lines, client).await;
        is_client(proxies(), Some("::ffff:10.0.0.1"), lines, client).await;
    }
    is_client(proxies(), Some("198.51.100.7"), &[(XFF, "203.0.113.9")], 7).await;
    is_client(proxies(), None, &[(XFF, "203.0.113.9")], 0).await;
}

#[tokio::test]
async fn of_trusted_hops_each_is_one_entry_further_to_the_left() {
    let hops = |hops| Tollgate::builder().trusted_hops(hops);
    let peer = Some("198.51.100.1");
    is_client(hops(1), peer, &[(XFF, "6.6.6.6, 203.0.113.9")], 9).await;
    is_client(hops(2), peer, &[(XFF, "6.6.6.6, 203.0.113.9, 10.0.0.2")], 9).await;
    is_client(hops(2), peer, &[(XFF, "6.6.6.6, 203.0.113.9"), (XFF, "10.0.0.2")], 9).await;
    is_client(hops(3), peer, &[(XFF, "203.0.113.9, 10.0.0.2")], 9).await;
    is_client(hops(2), peer, &[(XFF, "unknown, 203.0.113.9")], 9).await;
    is_client(hops(2), peer, &[(XFF, "203.0.113.9, unknown")], 1).await;
    is_client(hops(1), peer, &[], 1).await;
    is_client(hops(1), None, &[(XFF, "203.0.113.9")], 9).await;
    is_client(hops(1), None, &[], 0).await;
}

#[tokio::test]
async fn the_standard_field_is_read_where_the_settings_name_it() {
    for settings in [proxies(), Tollgate::builder().trusted_hops(1)] {
        let settings = settings.forwarded_header(ForwardedHeader::Forwarded);
        let lines =
            [("forwarded", "for=6.6.6.6, for=\"[2001:db8::9]:4711\";proto=https"), (XFF, "203.0.113.8")];
        is_client(settings.clone(), Some("10.0.0.1"), &lines, 9).await;
        is_client(settings, Some("10.0.0.1"), &[(XFF, "203.0.113.8")], 1).await;
    }
}

#[tokio::test]
async fn clients_of_one_proxy_have_budgets_of_their_own() {
    let of = |client: &str| and(from("10.0.0.1"), XFF, client);
    assert!(are_one(proxies(), of("203.0.113.9"), of("6.6.6.6, 203.0.113.9:80")).await);
    assert!(are_one(proxies(), of("203.0.113.9"), from("203.0.113.9")).await, "with and without a proxy");
    assert!(are_one(proxies(), of("2001:db8::1"), of("[2001:db8::2]:80")).await, "one /64 network");
    assert!(!are_one(proxies(), of("203.0.113.9"), of("203.0.113.8")).await);
    assert!(!are_one(proxies(), of("203.0.113.9"), from("10.0.0.1")).await);
    assert!(!are_one(proxies(), of("2001:db8::1"), of("2001:db8:0:1::1")).await);
}

#[rate_limited("1/minute", missing = reject)]
async fn rejecting() {}

#[tokio::test]
async fn a_missing_address_is_what_the_attribute_says() {
    let router = Router::new().route("/", get(rejecting));
    let service = Service::with(proxies(), router.clone());
    let answer = service.send(and(tollgate_tests::get("/"), XFF, "203.0.113.9")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let mocked = router.layer(MockConnectInfo(std::net::SocketAddr::from(([10, 0, 0, 1], 80))));
    let service = Service::with(proxies(), mocked);
    let answer = service.send(and(tollgate_tests::get("/"), XFF, "203.0.113.9")).await;
    assert_eq!(answer.status, StatusCode::OK);
}

/// What a `build()` of these settings says is wrong.
fn fault(settings: TollgateBuilder) -> String {
    let error = settings.build().unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string(), "what a `main` that returns it prints");
    error.to_string()
}

const TWICE: &str =
    "trusted proxies are given twice: write either `.trusted_proxies(..)` or `.trusted_hops(..)`, once";

const NOBODY: &str = "`.forwarded_header(..)` names a field that nobody is trusted to write: add `.trusted_proxies(..)` \
                      or `.trusted_hops(..)`";

const ZERO: &str = "`trusted_hops(0)` trusts no proxy: write how many stand in front, `trusted_hops(1)` for one, or \
                    leave it away where there is none";

const WEAK: &str = "`.admin_token(..)` takes at least 16 letters, digits and `-._~+/=`: anything shorter can be guessed, \
                    and no other character may stand in a bearer token";

#[test]
fn settings_that_contradict_each_other_are_not_built() {
    let builder = Tollgate::builder;
    assert_eq!(fault(proxies().trusted_hops(1)), TWICE);
    assert_eq!(fault(proxies().trusted_proxies(["10.0.0.0/8"])), TWICE);
    assert_eq!(fault(builder().trusted_hops(1).trusted_hops(1)), TWICE);
    assert_eq!(fault(builder().trusted_hops(0)), ZERO);
    for header in [ForwardedHeader::Forwarded, ForwardedHeader::XForwardedFor] {
        assert_eq!(fault(builder().forwarded_header(header)), NOBODY);
        assert_eq!(fault(builder().trusted_proxies([""; 0]).forwarded_header(header)), NOBODY);
    }
}

#[test]
fn a_resolver_that_could_never_let_anybody_pass_is_not_built() {
    let nobody = |_: String| async { Ok(None) };
    let with = |resolver| fault(Tollgate::builder().principal(resolver));
    for header in ["", "x api key", "x-api-key:"] {
        let told = format!("`ApiKeys::new({header:?}, ..)` names no header field: write \"x-api-key\"");
        assert_eq!(fault(Tollgate::builder().principal(ApiKeys::new(header, nobody))), told);
    }
    for token in ["", "s3cr3t!", "two words", "geheimß"] {
        let told = with(BearerTokens::new([("fine", Principal::new("ada")), (token, Principal::new("bob"))]));
        assert!(told.starts_with("a token of `BearerTokens` is empty or cannot be presented"), "{told}");
    }
    let cookie = FromExtension::new(|(): &()| None).announced_as(AuthScheme::Cookie("a b"));
    assert!(
        fault(Tollgate::builder().principal(cookie))
            .contains("`AuthScheme::Cookie(\"a b\")` names no cookie")
    );
    assert!(Tollgate::builder().principal(ApiKeys::new("X-Api-Key", nobody)).build().is_ok(), "in any case");
}

#[test]
fn a_network_that_is_none_is_told_with_what_to_write() {
    for (network, told) in [
        ("10.0.0/8", "`10.0.0/8` is no network: write `10.0.0.0/8`"),
        (
            "10.0.0.1/8",
            "`10.0.0.1/8` is an address within a network: write the network `10.0.0.0/8`, or `10.0.0.1` for this \
             address alone",
        ),
        ("10.0.0.0/33", "`10.0.0.0/33` is no network: its address has 32 bits, so write at most `/32`"),
        ("", "`` is no network: write one such as `10.0.0.0/8`, or leave it away"),
        (
            "proxy.internal",
            "`proxy.internal` is no network: write one such as `10.0.0.0/8` or `2001:db8::/32`, or a single address",
        ),
    ] {
        assert_eq!(
            fault(Tollgate::builder().trusted_proxies([network])),
            format!("`.trusted_proxies(..)`: {told}")
        );
    }
}

#[test]
fn nobody_is_trusted_by_trusting_everybody() {
    for network in ["0.0.0.0/0", "::/0", " 0.0.0.0/0 "] {
        let told = fault(Tollgate::builder().trusted_proxies(["10.0.0.0/8", network]));
        assert!(told.contains("trusts everybody, who could then choose an address"), "{told}");
    }
}

#[test]
fn a_second_resolver_does_not_silently_replace_the_first() {
    let tokens = || BearerTokens::new([("s3cr3t", Principal::new("ada"))]);
    let told = fault(Tollgate::builder().principal(tokens()).principal(tokens()));
    assert_eq!(told, "`.principal(..)` is given twice: write one resolver, which may ask several");
}

#[test]
fn a_weak_admin_token_is_refused_without_being_repeated() {
    for token in
        ["", "s3cr3t", "fifteen-letters", "sixteen letters!", "correct-horse-battery!", "ключ-от-всех-дверей"]
    {
        assert_eq!(fault(Tollgate::builder().admin_token(token)), WEAK);
    }
    assert!(Tollgate::builder().admin_token("sixteen-letters.").build().is_ok());
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let wrong = Tollgate::builder()
        .max_keys(0)
        .trusted_hops(1)
        .trusted_proxies(["10.0.0/8", "192.168.0.0/16", "10.0.0.0/33"])
        .forwarded_header(ForwardedHeader::Forwarded)
        .admin_token("short");
    let told = [
        "`max_keys(0)` leaves no room for any client: give at least 1",
        TWICE,
        "`.trusted_proxies(..)`: `10.0.0/8` is no network: write `10.0.0.0/8`",
        "`.trusted_proxies(..)`: `10.0.0.0/33` is no network: its address has 32 bits, so write at most `/32`",
        WEAK,
    ];
    assert_eq!(fault(wrong), told.join("; "));
}
