//! Answers are for whoever asked, unless the attribute says otherwise.

use axum::Router;
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use tollgate::{BearerTokens, Principal, Tollgate, TollgateBuilder, authorize, cached};
use tollgate_tests::{Answer, Service};

use crate::support::{Script, get_with, is_hit, router, with};

fn settings() -> TollgateBuilder {
    let read = Principal::new("ada").with_scope("read");
    Tollgate::builder().principal(BearerTokens::new([
        ("ada-token", Principal::new("ada")),
        ("ada-too", Principal::new("ada")),
        ("ada-reads", read),
        ("bob-token", Principal::new("bob")),
        ("ada-of-acme", Principal::new("ada").with_tenant("acme")),
    ]))
}

async fn with_token(service: &Service, path: &str, token: &str) -> Answer {
    service.send(get_with(path, &[("authorization", &format!("Bearer {token}"))])).await
}

#[tokio::test]
async fn principals_never_share_and_one_shares_with_itself() {
    let script = Script::counting();
    let service = with(settings(), &script);
    for (number, token) in ["ada-token", "bob-token", "ada-reads", "ada-of-acme"].into_iter().enumerate() {
        assert_eq!(with_token(&service, "/plain", token).await.body, (number + 1).to_string(), "{token}");
    }
    assert_eq!(service.get("/plain").await.body, "5", "nobody is one of its own");
    assert_eq!(with_token(&service, "/plain", "ada-too").await.body, "1");
    assert_eq!(with_token(&service, "/plain", "bob-token").await.body, "2");
    assert_eq!(service.get("/plain").await.body, "5");
}

#[tokio::test]
async fn wrong_credentials_are_not_for_the_cache() {
    let script = Script::counting();
    let service = with(settings(), &script);
    service.get("/plain").await;
    for run in 2..=3 {
        let answer = with_token(&service, "/plain", "wrong").await;
        assert_eq!(
            (answer.body.as_str(), answer.field("cache-status")),
            (run.to_string().as_str(), "tollgate; fwd=bypass")
        );
    }
}

#[tokio::test]
async fn credentials_of_nobody_who_is_known_are_not_for_the_cache() {
    let script = Script::counting();
    let service = crate::support::service(&script);
    service.get("/plain").await;
    for (field, value) in [("authorization", "Bearer x"), ("authorization", ""), ("cookie", "session=1")] {
        let answer = service.send(get_with("/plain", &[(field, value)])).await;
        assert_eq!(answer.field("cache-status"), "tollgate; fwd=bypass", "{field}: {value}");
        assert_ne!(answer.body, "1");
    }
    assert_eq!(service.get("/plain").await.body, "1", "nothing of that was kept");
}

#[tokio::test]
async fn a_public_answer_is_for_everybody() {
    let script = Script::counting();
    let service = with(settings(), &script);
    assert_eq!(with_token(&service, "/public", "ada-token").await.body, "1");
    assert_eq!(with_token(&service, "/public", "bob-token").await.body, "1");
    assert_eq!(with_token(&service, "/public", "wrong").await.body, "1");
    assert_eq!(service.send(get_with("/public", &[("cookie", "a=b")])).await.body, "1");
    assert_eq!(service.get("/public").await.body, "1");
}

#[tokio::test]
async fn by_what_it_says_an_answer_to_authorization_has_to_say_that_it_is_for_all() {
    for (said, is_shared) in [
        ("max-age=60", false),
        ("max-age=60, public", true),
        ("s-maxage=60", true),
        ("max-age=60, must-revalidate", true),
        ("max-age=60, private", false),
    ] {
        let script = Script::new(move |run, _| {
            crate::support::answer(http::StatusCode::OK, &[("cache-control", said)], &run.to_string())
        });
        let service = crate::support::service(&script);
        with_token(&service, "/said-public", "x").await;
        let other = with_token(&service, "/said-public", "y").await;
        assert_eq!(is_hit(&other), is_shared, "{said}");
    }
}

#[tokio::test]
async fn what_is_private_is_kept_for_one_who_is_known_and_for_nobody_else() {
    let script = Script::with_fields(&[("cache-control", "private, max-age=60")]);
    let service = with(settings(), &script);
    for path in ["/plain", "/said"] {
        with_token(&service, path, "ada-token").await;
        assert!(is_hit(&with_token(&service, path, "ada-token").await), "{path}");
        service.get(path).await;
        assert!(!is_hit(&service.get(path).await), "{path}");
    }
}

#[tokio::test]
async fn who_asks_is_asked_for_even_where_the_function_does_not_want_to_know() {
    #[cached(ttl = "10s")]
    async fn who(headers: HeaderMap) -> String {
        headers.get("x-session").map_or("nobody", |session| session.to_str().unwrap()).to_owned()
    }
    struct Sessions;
    impl tollgate::PrincipalResolver for Sessions {
        async fn resolve(
            &self,
            parts: &http::request::Parts,
        ) -> Result<Option<Principal>, tollgate::Refusal> {
            match parts.headers.get("x-session").map(|session| session.to_str().unwrap()) {
                None => Ok(None),
                Some("wrong") => Err(tollgate::Refusal::invalid("no such session")),
                Some(session) => Ok(Some(Principal::new(session))),
            }
        }
    }
    let service = Service::with(Tollgate::builder().principal(Sessions), Router::new().route("/", get(who)));
    for _ in 0..2 {
        for who in ["ada", "bob"] {
            assert_eq!(service.send(get_with("/", &[("x-session", who)])).await.body, who);
        }
        assert_eq!(service.get("/").await.body, "nobody");
        let wrong = service.send(get_with("/", &[("x-session", "wrong")])).await;
        assert_eq!((wrong.body.as_str(), wrong.field("cache-status")), ("wrong", "tollgate; fwd=bypass"));
    }
}

#[tokio::test]
async fn whoever_may_not_does_not_get_what_is_kept() {
    #[authorize(scope = "read")]
    #[cached(ttl = "10s")]
    async fn guarded() -> Response {
        Response::new("secret".into())
    }
    let routes = Router::new().route("/guarded", get(guarded));
    let service = Service::with(settings(), router(&Script::counting()).merge(routes));
    assert_eq!(with_token(&service, "/guarded", "ada-reads").await.body, "secret");
    assert_eq!(with_token(&service, "/guarded", "bob-token").await.status, 403);
    assert_eq!(service.get("/guarded").await.status, 401);
    assert!(is_hit(&with_token(&service, "/guarded", "ada-reads").await));
}

#[cached(ttl = "10s")]
async fn me(who: Principal) -> String {
    who.subject().to_owned()
}

#[tokio::test]
async fn whoever_a_test_says_asks_is_told_apart_without_a_resolver() {
    let tollgate = Tollgate::builder().build().unwrap();
    let client = tollgate::testing::Client::new(Router::new().route("/", get(me)).layer(tollgate.layer()));
    for name in ["ada", "bob"] {
        assert_eq!(client.clone().as_principal(Principal::new(name)).get("/").await.text(), name);
    }
}
