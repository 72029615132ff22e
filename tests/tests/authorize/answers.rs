//! What a refused client is told, to the letter, and what it is not.

use axum::Router;
use axum::routing::{any, get};
use http::request::Parts;
use http::{HeaderName, Method, StatusCode};
use tollgate::{
    AuthScheme, Principal, PrincipalResolver, Refusal, RequestFacts, Tollgate, authorize, rate_limited,
};
use tollgate_tests::{Answer, Service};

use crate::support::{REASON, Users, all_of, nobody, service, user};

#[authorize]
async fn any_principal() {}

fn problem(title: &str, status: u16, detail: &str) -> String {
    let detail = serde_json::json!(detail);
    format!(r#"{{"type":"about:blank","title":"{title}","status":{status},"detail":{detail}}}"#)
}

/// The names of the header fields, sorted.
fn names(answer: &Answer) -> Vec<&str> {
    let mut names: Vec<_> = answer.headers.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn without_credentials_it_is_a_401_that_names_the_scheme_and_no_error() {
    let (service, _) = service(get(any_principal));
    let answer = service.send(nobody()).await;
    assert_eq!(answer.body, problem("Unauthorized", 401, "this request needs credentials"));
    assert_eq!(answer.field("www-authenticate"), "Bearer");
    assert_eq!(answer.field("content-type"), "application/problem+json");
    assert_eq!(names(&answer), ["content-length", "content-type", "www-authenticate"]);
}

#[tokio::test]
async fn with_invalid_credentials_it_is_a_401_that_names_the_error() {
    let (service, _) = service(get(any_principal));
    let answer = service.send(user("wrong")).await;
    assert_eq!(answer.body, problem("Unauthorized", 401, "the credentials of this request are not valid"));
    assert_eq!(answer.field("www-authenticate"), "Bearer error=\"invalid_token\"");
    assert_eq!(names(&answer), ["content-length", "content-type", "www-authenticate"]);
}

#[tokio::test]
async fn where_nobody_can_tell_it_is_a_503_without_a_challenge() {
    let (service, _) = service(get(any_principal));
    let answer = service.send(user("away")).await;
    let detail = "credentials cannot be checked at the moment: try again later";
    assert_eq!(answer.body, problem("Service Unavailable", 503, detail));
    assert_eq!(names(&answer), ["content-length", "content-type"]);
}

fn never(_: &Principal, _: &RequestFacts<'_>) -> bool {
    false
}

/// Holds what the 403 of these requirements says.
macro_rules! forbidden {
    ($(#[$authorize:meta] => $detail:literal;)+) => {$({
        #[$authorize]
        async fn required() {}
        let (service, _) = service(get(required));
        let answer = service.send(user("bob")).await;
        assert_eq!(answer.body, problem("Forbidden", 403, $detail));
        assert_eq!(names(&answer), ["content-length", "content-type"]);
    })+};
}

#[tokio::test]
async fn a_403_names_the_role_or_scope_that_is_needed_and_nothing_about_a_check() {
    forbidden! {
        #[authorize(role = "editor")] => "this needs the role \"editor\"";
        #[authorize(any_role = ["editor", "owner"])] => "this needs the role \"editor\" or \"owner\"";
        #[authorize(scope = "air:write")] => "this needs the scope \"air:write\"";
        #[authorize(role = "editor", scope = "air:write")] => "this needs the role \"editor\"";
        #[authorize(role = "reader", scope = "air:write")] => "this needs the scope \"air:write\"";
        #[authorize(check = never)] => "these credentials do not allow this";
        #[authorize(role = "reader", scope = "air:read", check = never)] => "these credentials do not allow this";
    }
}

/// Announces a scheme; `x-wrong` are credentials that are not valid.
struct Announcing(AuthScheme);

impl PrincipalResolver for Announcing {
    async fn resolve(&self, parts: &Parts) -> Result<Option<Principal>, Refusal> {
        if parts.headers.contains_key("x-wrong") { Err(Refusal::invalid(REASON)) } else { Ok(None) }
    }

    fn scheme(&self) -> AuthScheme {
        self.0.clone()
    }
}

#[tokio::test]
async fn the_challenge_is_that_of_the_resolvers_scheme() {
    let basic = "Basic realm=\"api\", charset=\"UTF-8\"";
    for (scheme, missing, invalid) in [
        (AuthScheme::Bearer, "Bearer", "Bearer error=\"invalid_token\""),
        (AuthScheme::Basic, basic, basic),
        (
            AuthScheme::ApiKey(HeaderName::from_static("x-api-key")),
            "ApiKey header=\"x-api-key\"",
            "ApiKey header=\"x-api-key\"",
        ),
        (AuthScheme::Cookie("sid"), "Cookie cookie-name=\"sid\"", "Cookie cookie-name=\"sid\""),
    ] {
        let settings = Tollgate::builder().principal(Announcing(scheme));
        let service = Service::with(settings, Router::new().route("/", get(any_principal)));
        assert_eq!(service.send(nobody()).await.field("www-authenticate"), missing);
        let wrong = crate::support::and(nobody(), "x-wrong", "1");
        assert_eq!(service.send(wrong).await.field("www-authenticate"), invalid);
    }
}

#[rate_limited("9/minute", key = principal, missing = reject)]
async fn rejecting() {}

async fn argument(_: Principal) {}

async fn optional(_: Option<Principal>) {}

#[tokio::test]
async fn the_reason_of_a_refusal_reaches_no_client() {
    for handler in [get(any_principal), get(rejecting), get(argument), get(optional)] {
        let (service, _) = service(handler);
        for name in ["wrong", "away"] {
            let told = String::from_utf8(all_of(&service.send(user(name)).await)).unwrap();
            assert!(!told.contains("reason"), "{told}");
        }
    }
}

#[authorize(role = "editor")]
async fn echo(body: String) -> String {
    body
}

#[tokio::test]
async fn a_refusal_says_the_same_whatever_was_sent() {
    let router = Router::new().route("/{*path}", any(echo));
    let service = Service::with(Tollgate::builder().principal(Users::default()), router);
    for name in ["wrong", "away", "bob"] {
        let ask =
            |method, path: &str| crate::support::and(tollgate_tests::request(method, path), "x-user", name);
        let plain = service.send(ask(Method::GET, "/plain")).await;
        for method in [Method::POST, Method::DELETE, Method::OPTIONS, Method::TRACE, "X".parse().unwrap()] {
            for path in ["/%0d%0aset-cookie:a=b", "/script?token=s3cr3t", "/%00"] {
                let answer = service.send(ask(method.clone(), path)).await;
                assert_eq!(all_of(&answer), all_of(&plain), "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn a_refused_head_request_has_the_same_head_and_no_body() {
    let (service, _) = service(get(any_principal));
    let (get, head) =
        (service.send(nobody()).await, service.send(tollgate_tests::request(Method::HEAD, "/")).await);
    assert_eq!(head.status, StatusCode::UNAUTHORIZED);
    assert_eq!((head.headers, head.body.as_str()), (get.headers, ""));
}
