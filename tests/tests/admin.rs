//! `Admin`: operational routes are shut to everybody who does not present the token.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and handlers and helpers have none

use axum::Router;
use axum::body::Body;
use axum::middleware::from_extractor;
use axum::routing::{get, post};
use http::{HeaderValue, Request, StatusCode};
use serde_json::json;
use tollgate::{Admin, Policy, Tollgate, authorize, rate_limited, with_metrics};
use tollgate_tests::{Answer, send};

const TOKEN: &str = "correct-horse-battery";

async fn drain(_: Admin) -> &'static str {
    "draining"
}

async fn debug() -> &'static str {
    "all is well"
}

/// Limited by itself, as an operational route may be.
#[rate_limited("9/minute", key = header("x-user"), missing = skip)]
async fn limited(_: Admin) -> &'static str {
    "limited"
}

#[with_metrics(name = "an operation")]
#[rate_limited("9/minute")]
#[authorize(role = "editor")]
async fn operation() {}

/// All kinds of guarded routes.
fn router(tollgate: &Tollgate) -> Router {
    Router::new()
        .route("/layered", get(debug))
        .layer(from_extractor::<Admin>())
        .route("/drain", post(drain).get(drain))
        .route("/limited", get(limited))
        .route("/operation", get(operation))
        .route("/inventory", get(tollgate.inventory_handler()))
        .layer(tollgate.layer())
}

const GUARDED: [&str; 4] = ["/layered", "/drain", "/limited", "/inventory"];

fn with_token() -> Tollgate {
    Tollgate::builder().admin_token(TOKEN).build().unwrap()
}

fn present(path: &str, lines: &[&[u8]]) -> Request<Body> {
    let mut request = tollgate_tests::get(path);
    for line in lines {
        request.headers_mut().append("authorization", HeaderValue::from_bytes(line).unwrap());
    }
    request
}

/// Status and challenge of all guarded routes, which answer alike.
async fn answer(tollgate: &Tollgate, lines: &[&[u8]]) -> Answer {
    let router = router(tollgate);
    let first = send(&router, present(GUARDED[0], lines)).await;
    for path in &GUARDED[1..] {
        let other = send(&router, present(path, lines)).await;
        assert_eq!((other.status, other.body.as_str()), (first.status, first.body.as_str()), "{path}");
        assert_eq!(other.headers, first.headers, "{path}");
    }
    first
}

#[tokio::test]
async fn without_a_token_in_the_settings_nobody_passes() {
    let tollgate = Tollgate::builder().build().unwrap();
    let bearer = format!("Bearer {TOKEN}");
    for lines in [&[][..], &[bearer.as_bytes()], &[b"Bearer"], &[b"Bearer AdminToken(..)"]] {
        let answer = answer(&tollgate, lines).await;
        assert_eq!((answer.status, answer.field("www-authenticate")), (StatusCode::FORBIDDEN, ""));
        assert_eq!(answer.field("content-type"), "application/problem+json");
        assert_eq!(
            answer.json(),
            json!({ "type": "about:blank", "title": "Forbidden", "status": 403, "detail": "this service has no operators" })
        );
    }
}

#[tokio::test]
async fn without_credentials_it_is_a_401_without_an_error() {
    for lines in
        [&[][..], &[&b""[..]], &[b"Basic YTpi"], &[TOKEN.as_bytes()], &[b"Token correct-horse-battery"]]
    {
        let answer = answer(&with_token(), lines).await;
        assert_eq!((answer.status, answer.field("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
        assert_eq!(
            answer.json(),
            json!({
                "type": "about:blank", "title": "Unauthorized", "status": 401,
                "detail": "this is for the operators of the service",
            })
        );
    }
}

#[tokio::test]
async fn with_any_other_token_it_is_a_401_with_an_error() {
    let (right, longer, long) =
        (format!("Bearer {TOKEN}"), format!("Bearer {TOKEN}x"), format!("Bearer {}", "x".repeat(4_096)));
    for lines in [
        &[&b"Bearer wrong-horse-battery"[..]][..],
        &[b"Bearer correct-horse-batter"],
        &[longer.as_bytes()],
        &[b"Bearer Correct-horse-battery"],
        &[b"Bearer correct-horse-battery\xff"],
        &[b"Bearer correct-horse-battery correct-horse-battery"],
        &[b"Bearer \"correct-horse-battery\""],
        &[b"Bearer"],
        &[b"Bearer "],
        &[long.as_bytes()],
        &[right.as_bytes(), right.as_bytes()],
        &[right.as_bytes(), b"Basic YTpi"],
    ] {
        let answer = answer(&with_token(), lines).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{lines:?}");
        assert_eq!(answer.field("www-authenticate"), "Bearer error=\"invalid_token\"", "{lines:?}");
        assert!(!answer.body.contains("horse"), "{}", answer.body);
    }
}

#[tokio::test]
async fn with_the_token_the_operator_passes() {
    let router = router(&with_token());
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let line = format!("{scheme} {TOKEN}");
        for (path, body) in [("/layered", "all is well"), ("/drain", "draining"), ("/limited", "limited")] {
            let answer = send(&router, present(path, &[line.as_bytes()])).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, body));
        }
    }
}

#[tokio::test]
async fn the_token_is_read_in_no_other_place() {
    let router = router(&with_token());
    for path in ["/drain?access_token=correct-horse-battery", "/drain?token=correct-horse-battery"] {
        assert_eq!(send(&router, tollgate_tests::get(path)).await.status, StatusCode::UNAUTHORIZED);
    }
    let mut request = tollgate_tests::get("/drain");
    request
        .headers_mut()
        .insert("cookie", HeaderValue::from_static("authorization=Bearer correct-horse-battery"));
    assert_eq!(send(&router, request).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_operator_is_no_principal_and_a_principal_no_operator() {
    let tokens = tollgate::BearerTokens::new([(
        "the-token-of-ada",
        tollgate::Principal::new("ada").with_role("editor"),
    )]);
    let tollgate = Tollgate::builder().admin_token(TOKEN).principal(tokens).build().unwrap();
    let router = router(&tollgate);
    let (operator, ada) = (format!("Bearer {TOKEN}"), b"Bearer the-token-of-ada");
    assert_eq!(
        send(&router, present("/operation", &[operator.as_bytes()])).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(send(&router, present("/drain", &[ada])).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&router, present("/operation", &[ada])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn disabling_policies_opens_no_operational_route() {
    let settings = Policy::ALL.iter().fold(Tollgate::builder(), |settings, policy| settings.disable(*policy));
    let answer = answer(&settings.admin_token(TOKEN).build().unwrap(), &[]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_inventory_is_json_for_operators() {
    let line = format!("Bearer {TOKEN}");
    let answer = send(&router(&with_token()), present("/inventory", &[line.as_bytes()])).await;
    assert_eq!((answer.status, answer.field("content-type")), (StatusCode::OK, "application/json"));
    let inventory = answer.json();
    assert_eq!(inventory.as_object().unwrap().keys().collect::<Vec<_>>(), ["sites"]);
    let sites = inventory["sites"].as_array().unwrap();
    let site = sites.iter().find(|site| site["name"] == "an operation").unwrap();
    assert_eq!(
        site["policies"],
        json!([
            { "policy": "with_metrics", "summary": "" },
            { "policy": "rate_limited", "summary": "9 per minute by ip" },
            { "policy": "authorize", "summary": "role editor" },
        ])
    );
    assert!(site["file"].as_str().unwrap().ends_with("tests/admin.rs"), "{site}");
    assert!(site["line"].as_u64().unwrap() > 1, "{site}");
    assert_eq!(site.as_object().unwrap().len(), 4);
}

#[tokio::test]
async fn an_inventory_asks_for_the_token_of_its_own_tollgate() {
    let (own, other) =
        (with_token(), Tollgate::builder().admin_token("another-token-of-all").build().unwrap());
    let router = Router::new().route("/", get(own.inventory_handler())).layer(other.layer());
    let line = format!("Bearer {TOKEN}");
    assert_eq!(send(&router, present("/", &[line.as_bytes()])).await.status, StatusCode::OK);
    assert_eq!(
        send(&router, present("/", &[b"Bearer another-token-of-all"])).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn the_metrics_are_guarded_by_a_layer() {
    let tollgate = with_token();
    let metrics = get(tollgate.metrics_handler()).layer(from_extractor::<Admin>());
    let router = Router::new().route("/metrics", metrics).layer(tollgate.layer());
    assert_eq!(send(&router, tollgate_tests::get("/metrics")).await.status, StatusCode::UNAUTHORIZED);
    let line = format!("Bearer {TOKEN}");
    let answer = send(&router, present("/metrics", &[line.as_bytes()])).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("tollgate_decisions_total"), "{}", answer.body);
}
