//! `Principal` and `Option<Principal>` as arguments, with and without the attribute.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::middleware::from_extractor;
use axum::routing::{get, post};
use http::{Request, StatusCode};
use tollgate::testing::Client;
use tollgate::{FromExtension, Principal, Tollgate, authorize, rate_limited, with_metrics};
use tollgate_tests::{Service, site};

use crate::support::{Users, and, nobody, service, statuses, user};

async fn plain(somebody: Principal) -> String {
    somebody.subject().to_owned()
}

#[with_metrics]
async fn measured(somebody: Principal) -> String {
    somebody.subject().to_owned()
}

#[authorize]
async fn authorized(somebody: Principal) -> String {
    somebody.subject().to_owned()
}

#[tokio::test]
async fn a_principal_is_an_argument_with_and_without_attributes() {
    for handler in [get(plain), get(measured), get(authorized)] {
        let (service, users) = service(handler);
        assert_eq!(service.send(user("ada")).await.body, "ada");
        let missing = service.send(nobody()).await;
        assert_eq!((missing.status, missing.field("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
        let wrong = service.send(user("wrong")).await;
        assert_eq!(wrong.field("www-authenticate"), "Bearer error=\"invalid_token\"");
        assert_eq!(service.send(user("away")).await.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(users.asked(), 4);
    }
}

#[tokio::test]
async fn an_argument_that_refuses_is_counted_as_an_answer_of_the_function() {
    let (service, _) = service(get(measured));
    statuses(&service, "ada - away").await;
    assert_eq!(service.counts(site!(measured)), "with_metrics completed 3");
}

async fn optional(somebody: Option<Principal>) -> String {
    somebody.map_or("nobody".to_owned(), |somebody| somebody.subject().to_owned())
}

#[rate_limited("9/minute", key = principal)]
async fn limited_optional(somebody: Option<Principal>) -> String {
    optional(somebody).await
}

#[tokio::test]
async fn an_optional_principal_refuses_nobody() {
    for handler in [get(optional), get(limited_optional)] {
        let (service, _) = service(handler);
        for (request, subject) in
            [(user("ada"), "ada"), (nobody(), "nobody"), (user("wrong"), "nobody"), (user("away"), "nobody")]
        {
            let answer = service.send(request).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, subject));
        }
    }
}

async fn twice(one: Principal, other: Principal, third: Option<Principal>, body: String) -> String {
    assert_eq!((&one, Some(&one)), (&other, third.as_ref()));
    body
}

#[tokio::test]
async fn several_arguments_ask_once_without_any_attribute() {
    let (service, users) = service(post(twice));
    let request = Request::post("/").body(Body::from("abc")).unwrap();
    assert_eq!(service.send(and(request, "x-user", "ada")).await.body, "abc");
    assert_eq!(users.asked(), 1);
}

#[tokio::test]
async fn a_principal_guards_routes_as_a_layer_and_is_remembered_for_the_handler() {
    let users = Users::default();
    let router = Router::new().route("/", get(authorized)).layer(from_extractor::<Principal>());
    let service = Service::with(Tollgate::builder().principal(users.clone()), router);
    assert_eq!(statuses(&service, "ada - wrong away").await, "200 401 401 503");
    assert_eq!(users.asked(), 4);
}

#[derive(Clone)]
struct Claims {
    sub: String,
}

#[tokio::test]
async fn a_principal_comes_out_of_what_a_layer_further_out_has_found() {
    let claims =
        FromExtension::new(|claims: &Claims| (!claims.sub.is_empty()).then(|| Principal::new(&claims.sub)));
    let service = Service::with(Tollgate::builder().principal(claims), Router::new().route("/", get(plain)));
    let with = |sub: &str| {
        let mut request = nobody();
        request.extensions_mut().insert(Claims { sub: sub.to_owned() });
        request
    };
    assert_eq!(service.send(with("ada")).await.body, "ada");
    for request in [with(""), nobody()] {
        let answer = service.send(request).await;
        assert_eq!((answer.status, answer.field("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    }
}

#[authorize]
async fn with_state(State(greeting): State<&'static str>, somebody: Principal, body: String) -> String {
    format!("{greeting} {} {body}", somebody.subject())
}

#[tokio::test]
async fn a_principal_stands_beside_other_arguments() {
    let router = Router::new().route("/", post(with_state)).with_state("hello");
    let service = Service::with(Tollgate::builder().principal(Users::default()), router);
    let request = Request::post("/").body(Body::from("again")).unwrap();
    assert_eq!(service.send(and(request, "x-user", "ada")).await.body, "hello ada again");
}

#[tokio::test]
async fn a_test_client_is_whom_the_test_says_and_nobody_is_asked() {
    let (service, users) = service(get(authorized));
    let ada = Client::new(service.router()).as_principal(Principal::new("test"));
    assert_eq!(ada.get("/").await.text(), "test");
    assert_eq!(ada.clone().with_header("x-user", "bob").get("/").await.text(), "test");
    assert_eq!(Client::new(service.router()).get("/").await.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(users.asked(), 1);
}
