//! What is logged: every refusal, with everything that helps and nothing that is a secret, and mistakes in the set-up, once.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::routing::{MethodRouter, get};
use http::{HeaderName, HeaderValue, Request};
use tollgate::{
    Admin, ApiKeys, BearerTokens, Decided, FromExtension, Key, Observer, Policy, Principal, RateLimitKey,
    Refusal, RequestFacts, Tollgate, authorize, rate_limited, with_metrics,
};
use tollgate_tests::{Service, events, from_client};

const TOKEN: &str = "the-token-of-ada";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SECRETS: [&str; 5] = [TOKEN, "ada", "203.0.113.9", "the-value", "unknown-token"];

fn service(handler: MethodRouter) -> Service {
    let tokens = BearerTokens::new([(TOKEN, Principal::new("ada").with_role("reader"))]);
    Service::with(Tollgate::builder().principal(tokens), Router::new().route("/", handler))
}

/// A request that is full of secrets.
fn request(fields: &[(&str, &str)]) -> Request<Body> {
    let mut request = from_client("203.0.113.9", tollgate_tests::get("/?token=the-value"));
    for (name, value) in fields {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        request.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
    }
    request
}

fn ada() -> [(&'static str, &'static str); 2] {
    [("authorization", "Bearer the-token-of-ada"), ("x-secret", "the-value")]
}

/// What is logged while these requests are answered, without what stands at the beginning of every event.
async fn logged(service: &Service, requests: impl IntoIterator<Item = Request<Body>>) -> Vec<String> {
    events::listen();
    for request in requests {
        service.send(request).await;
    }
    let heard = events::heard();
    for secret in SECRETS {
        assert!(heard.iter().all(|line| !line.contains(secret)), "{secret}: {heard:?}");
    }
    let refusals = heard.iter().filter(|line| line.contains("tollgate::refusal"));
    refusals.map(|line| refusal(line).unwrap_or_else(|| panic!("{line}")).to_owned()).collect()
}

/// What an event tells of a refusal. It is worded as one in shadow mode where it is none.
fn refusal(line: &str) -> Option<&str> {
    const REFUSED: &str = "INFO tollgate::refusal: message=a policy refused a request ";
    const IN_SHADOW: &str =
        "INFO tollgate::refusal: message=a policy in shadow mode would have refused a request ";
    line.strip_prefix(if line.contains("outcome=shadow_refused") { IN_SHADOW } else { REFUSED })
}

#[with_metrics(name = "limits")]
#[rate_limited("1/minute")]
#[rate_limited("1/minute", key = header("x-secret"), missing = skip)]
#[rate_limited("1/minute", key = global)]
async fn limits() {}

#[tokio::test]
async fn a_limit_tells_its_site_its_policy_and_the_kind_of_its_key() {
    let told = logged(&service(get(limits)), [request(&ada()), request(&ada())]).await;
    assert_eq!(
        told,
        [
            "site=limits policy=rate_limited outcome=refused key_class=address",
            "site=limits policy=rate_limited:global outcome=refused key_class=everyone",
            "site=limits policy=rate_limited:x-secret outcome=refused key_class=value",
        ]
    );
}

#[rate_limited("1/minute", key = principal, name = "principals")]
async fn principals() {}

#[tokio::test]
async fn a_limit_by_principal_tells_whether_there_was_one() {
    let requests = [request(&ada()), request(&ada()), request(&[]), request(&[])];
    let told = logged(&service(get(principals)), requests).await;
    assert_eq!(
        told,
        [
            "site=principals policy=rate_limited outcome=refused key_class=principal",
            "site=principals policy=rate_limited outcome=refused key_class=anonymous",
        ]
    );
}

#[rate_limited("1/minute", key = (principal, header("x-secret")), missing = reject, name = "rejecting")]
async fn rejecting() {}

#[tokio::test]
async fn a_missing_key_is_told_as_such() {
    let requests = [request(&[]), request(&ada()), request(&ada())];
    let told = logged(&service(get(rejecting)), requests).await;
    assert_eq!(
        told,
        [
            "site=rejecting policy=rate_limited outcome=refused key_class=missing",
            "site=rejecting policy=rate_limited outcome=refused key_class=value",
        ]
    );
}

#[authorize(role = "editor", name = "guarded")]
async fn guarded() {}

#[tokio::test]
async fn authorize_tells_who_was_refused_by_kind() {
    let unknown = request(&[("authorization", "Bearer unknown-token")]);
    let told = logged(&service(get(guarded)), [request(&[]), unknown, request(&ada())]).await;
    assert_eq!(
        told,
        [
            "site=guarded policy=authorize outcome=refused key_class=anonymous",
            "site=guarded policy=authorize outcome=refused key_class=credentials",
            "site=guarded policy=authorize outcome=refused key_class=principal",
        ]
    );
}

async fn away(_: String) -> Result<Option<Principal>, Refusal> {
    Err(Refusal::unavailable("the directory is away"))
}

#[tokio::test]
async fn credentials_that_cannot_be_checked_are_told_as_unavailable() {
    let settings = Tollgate::builder().principal(ApiKeys::new("x-secret", away));
    let service = Service::with(settings, Router::new().route("/", get(guarded)));
    let told = logged(&service, [request(&ada())]).await;
    assert_eq!(told, ["site=guarded policy=authorize outcome=unavailable key_class=credentials"]);
}

#[rate_limited("1/minute", shadow, name = "trial")]
#[rate_limited("1/minute", key = principal, missing = reject, shadow)]
async fn trial() {}

#[tokio::test]
async fn a_limit_in_shadow_mode_tells_what_it_would_have_refused() {
    let told = logged(&service(get(trial)), [request(&ada()), request(&ada()), request(&[])]).await;
    assert_eq!(
        told,
        [
            "site=trial policy=rate_limited outcome=shadow_refused key_class=address",
            "site=trial policy=rate_limited:principal outcome=shadow_refused key_class=principal",
            "site=trial policy=rate_limited outcome=shadow_refused key_class=address",
            "site=trial policy=rate_limited:principal outcome=shadow_refused key_class=missing",
        ]
    );
}

#[tokio::test]
async fn who_is_admitted_is_not_told() {
    let told = logged(&service(get(trial)), [request(&ada())]).await;
    assert_eq!(told, [""; 0]);
}

#[tokio::test]
async fn the_trace_of_a_valid_traceparent_is_told_and_no_other() {
    let valid = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let refused = "site=guarded policy=authorize outcome=refused key_class=anonymous";
    let with_trace = format!("{refused} trace_id={TRACE}");
    for (lines, told) in [
        (vec![valid.as_str()], with_trace.as_str()),
        (vec![&valid, &valid], refused),
        (vec!["00-the-value"], refused),
        (vec!["00-00000000000000000000000000000000-00f067aa0ba902b7-01"], refused),
        (vec!["00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"], refused),
        (vec![""], refused),
    ] {
        let fields: Vec<_> = lines.iter().map(|line| ("traceparent", *line)).collect();
        assert_eq!(logged(&service(get(guarded)), [request(&fields)]).await, [told], "{lines:?}");
    }
    let door = format!("site=limits policy=rate_limited outcome=refused key_class=address trace_id={TRACE}");
    let traced = || request(&[("traceparent", &valid)]);
    assert_eq!(logged(&service(get(limits)), [traced(), traced()]).await[0], door);
}

/// Remembers everything that it hears.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<Decided>>>);

impl Observer for Memory {
    fn decided(&self, decided: &Decided) {
        self.0.lock().unwrap().push(decided.clone());
    }
}

#[tokio::test]
async fn observers_hear_of_every_decision_with_as_little() {
    let memory = Memory::default();
    let settings = Tollgate::builder().observer(memory.clone()).principal(BearerTokens::new::<&str>([]));
    let service = Service::with(settings, Router::new().route("/", get(guarded)));
    let valid = format!("00-{TRACE}-00f067aa0ba902b7-01");
    events::listen();
    service.send(request(&[("traceparent", &valid), ("x-secret", "the-value")])).await;
    let heard = memory.0.lock().unwrap();
    let [decided] = &heard[..] else { panic!("one decision: {heard:?}") };
    assert_eq!((decided.site, decided.policy, decided.outcome.as_str()), ("guarded", "authorize", "refused"));
    assert_eq!(decided.key_class, Some("anonymous"));
    assert_eq!(decided.trace_id.unwrap().to_string(), TRACE);
}

/// What is logged besides refusals by policies.
fn others() -> Vec<String> {
    let mut heard = events::heard();
    heard.retain(|line| !line.contains("tollgate::refusal"));
    heard
}

async fn argument(_: Principal) {}

/// Refuses what `x-secret` presents, for a reason.
async fn refuse(key: String) -> Result<Option<Principal>, Refusal> {
    if key == "away" { Err(Refusal::unavailable("it is away")) } else { Err(Refusal::invalid("it is old")) }
}

#[tokio::test]
async fn the_reason_of_a_resolver_is_logged_once_and_warned_of_where_nobody_can_tell() {
    for handler in [get(guarded), get(rejecting), get(argument)] {
        let settings = Tollgate::builder().principal(ApiKeys::new("x-secret", refuse));
        let service = Service::with(settings, Router::new().route("/", handler));
        events::listen();
        service.send(request(&[("x-secret", "old")])).await;
        service.send(request(&[("x-secret", "away")])).await;
        let expected = [
            "DEBUG tollgate::credentials: message=credentials are not valid reason=it is old",
            "WARN tollgate::credentials: message=credentials cannot be checked reason=it is away",
        ];
        assert_eq!(others(), expected);
    }
}

#[tokio::test]
async fn a_missing_resolver_is_logged_once() {
    let services = [get(guarded), get(argument), get(rejecting)]
        .map(|handler| Service::of(Router::new().route("/", handler)));
    events::listen();
    for service in services {
        service.send(request(&[])).await;
        service.send(request(&[])).await;
    }
    let expected = [
        "WARN tollgate::http::unauthorized: message=a request was refused because it needs a principal and nobody \
         tells who that is: name a resolver by `Tollgate::builder().principal(..)`",
    ];
    assert_eq!(others(), expected);
}

#[test]
fn a_tollgate_that_will_refuse_everybody_tells_so_when_it_is_built() {
    events::listen();
    let _ = Tollgate::builder().build().unwrap();
    let heard = others();
    let warning = "WARN tollgate::app::builder: message=`#[authorize]` will refuse everybody: this Tollgate has no \
                   `.principal(..)` site=";
    assert!(heard.len() == 1 && heard[0].starts_with(warning), "{heard:?}");
    events::listen();
    let _ = Tollgate::builder().principal(ApiKeys::new("x-secret", refuse)).build().unwrap();
    let _ = Tollgate::builder().disable(Policy::Authorize).build().unwrap();
    assert_eq!(others(), [""; 0]);
}

async fn principals_only(_: Principal) {}

#[tokio::test]
async fn a_refusal_by_an_extractor_is_an_event_too() {
    let router = Router::new().route("/", get(principals_only)).route("/admin", get(async |_: Admin| {}));
    let settings =
        Tollgate::builder().principal(ApiKeys::new("x-secret", refuse)).admin_token("sixteen-letters.");
    let service = Service::with(settings, router);
    let with = |path, name: &'static str, value: &'static str| {
        let mut request = tollgate_tests::get(path);
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        request
    };
    let requests = [
        tollgate_tests::get("/"),
        with("/", "x-secret", "old"),
        with("/", "x-secret", "away"),
        tollgate_tests::get("/admin"),
        with("/admin", "authorization", "Bearer guess"),
    ];
    let expected = [
        "policy=principal outcome=refused key_class=anonymous",
        "policy=principal outcome=refused key_class=credentials",
        "policy=principal outcome=unavailable key_class=credentials",
        "policy=admin outcome=refused key_class=anonymous",
        "policy=admin outcome=refused key_class=credentials",
    ];
    assert_eq!(logged(&service, requests).await, expected);
}

struct TooEarly;

impl RateLimitKey for TooEarly {
    fn key(facts: &RequestFacts<'_>) -> Option<Key> {
        facts.principal().map(Principal::key)
    }
}

#[rate_limited("9/minute", key = TooEarly)]
async fn asks_too_early() {}

#[rate_limited("9/minute", key = TooEarly, after = authorize)]
#[authorize]
async fn asks_in_time() {}

#[tokio::test]
async fn a_key_that_asks_for_the_principal_at_the_door_is_logged_once() {
    let users = || FromExtension::new(|(): &()| Some(Principal::new("ada")));
    let service =
        |handler| Service::with(Tollgate::builder().principal(users()), Router::new().route("/", handler));
    let (early, in_time) = (service(get(asks_too_early)), service(get(asks_in_time)));
    let of_ada = || {
        let mut request = request(&[]);
        request.extensions_mut().insert(());
        request
    };
    events::listen();
    assert_eq!(in_time.send(of_ada()).await.status, 200);
    assert_eq!(others(), [""; 0]);
    early.send(of_ada()).await;
    early.send(of_ada()).await;
    let heard = others();
    assert!(
        heard.len() == 1 && heard[0].contains("write `after = authorize` in that `rate_limited`"),
        "{heard:?}"
    );
}

#[rate_limited("1/minute")]
async fn by_address() {}

#[tokio::test]
async fn a_proxy_that_nobody_named_or_that_does_not_say_for_whom_it_asks_is_logged_once() {
    let with = |settings| Service::with(settings, Router::new().route("/", get(by_address)));
    let from_proxy = |fields| {
        let mut request = from_client("10.0.0.1", request(fields));
        request.headers_mut().remove("x-secret");
        request
    };
    let unnamed = with(Tollgate::builder().disable(Policy::Authorize));
    let named = with(Tollgate::builder().disable(Policy::Authorize).trusted_proxies(["10.0.0.0/8"]));
    events::listen();
    for _ in 0..2 {
        unnamed.send(from_proxy(&[("x-forwarded-for", "203.0.113.9")])).await;
        named.send(from_proxy(&[("x-forwarded-for", "203.0.113.9")])).await;
        named.send(from_proxy(&[("x-forwarded-for", "unknown")])).await;
    }
    let heard = others();
    assert_eq!(heard.len(), 2, "{heard:?}");
    assert!(
        heard[0].contains("a request was forwarded, and no proxy is trusted to say for whom"),
        "{heard:?}"
    );
    assert!(heard[1].contains("a trusted proxy did not say for whom it asks"), "{heard:?}");
}

#[tokio::test]
async fn a_missing_address_is_logged_once() {
    events::listen();
    let service = service(get(by_address));
    for status in [200, 429, 429] {
        assert_eq!(service.get("/").await.status, status);
    }
    let expected = [
        "WARN tollgate::http::facts: message=the client's address is not known, so limits by address treat it as \
         missing: serve the router by `into_make_service_with_connect_info::<SocketAddr>()`",
    ];
    assert_eq!(others(), expected);
}
