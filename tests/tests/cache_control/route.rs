//! The route by which operators look at caches and throw away what is in them.

use axum::Router;
use axum::routing::any;
use http::{HeaderValue, Method};
use serde_json::json;
use tollgate::{Tollgate, with_metrics};
use tollgate_tests::{Answer, request};

const TOKEN: &str = "the-token-of-operators";

/// Is no cached function.
#[with_metrics(name = "measured alone")]
async fn measured() {}

async fn operate(tollgate: &Tollgate, method: Method, query: &str, token: Option<&str>) -> Answer {
    let router = Router::new().route("/cache", any(tollgate.cache_handler())).route("/", any(measured));
    let mut request = request(method, &format!("/cache{query}"));
    if let Some(token) = token {
        let token = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        request.headers_mut().insert("authorization", token);
    }
    tollgate_tests::send(&router, request).await
}

fn tollgate() -> Tollgate {
    Tollgate::builder().admin_token(TOKEN).cache_memory("2MiB").build().unwrap()
}

#[tokio::test]
async fn operators_see_how_much_is_kept() {
    let answer = operate(&tollgate(), Method::GET, "", Some(TOKEN)).await;
    assert_eq!((answer.status.as_u16(), answer.field("cache-control")), (200, "no-store"));
    let none = json!({ "entries": 0, "bytes": 0 });
    assert_eq!(
        answer.json(),
        json!({
            "store": "memory", "entries": 0, "bytes": 0, "max_bytes": 2 << 20, "answers": none.clone(), "values": none,
        })
    );
}

#[tokio::test]
async fn one_thing_is_thrown_away_by_either_method() {
    for query in ["?tag=airport%3ACDG", "?key=/airports/nearest%3Flat%3D49", "?all=true", "?tag=a+b&"] {
        for method in [Method::POST, Method::DELETE] {
            let answer = operate(&tollgate(), method, query, Some(TOKEN)).await;
            assert_eq!((answer.status.as_u16(), answer.body.as_str()), (204, ""), "{query}");
        }
    }
}

#[tokio::test]
async fn anything_but_exactly_one_thing_is_refused() {
    let queries = [
        "",
        "?",
        "?tag",
        "?tag=",
        "?all",
        "?all=false",
        "?all=TRUE",
        "?tag=a&tag=b",
        "?tag=a&all=true",
        "?site=a&key=b",
        "?tags=secret-of-ada",
        "?secret-of-ada",
        "?key=%ff",
    ];
    for query in queries {
        let answer = operate(&tollgate(), Method::POST, query, Some(TOKEN)).await;
        assert_eq!(answer.status.as_u16(), 400, "{query}: {answer:?}");
        assert_eq!(answer.field("content-type"), "application/problem+json");
        assert!(!answer.body.contains("secret"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_function_that_keeps_nothing_is_named_in_no_purge() {
    for site in ["measured alone", "nobody", ""] {
        let error = tollgate().cache().invalidate_site(site).await.unwrap_err();
        assert!(error.is_unknown_site() && !error.is_unavailable(), "{site}: {error}");
    }
    let answer = operate(&tollgate(), Method::DELETE, "?site=measured+alone", Some(TOKEN)).await;
    assert_eq!(answer.status.as_u16(), 404);
    assert!(answer.body.contains("no cached function has this name"), "{}", answer.body);
}

#[tokio::test]
async fn nobody_else_may_and_other_methods_are_not_there() {
    for (token, status) in [(None, 401), (Some("wrong"), 401), (Some(TOKEN), 405)] {
        let answer = operate(&tollgate(), Method::PATCH, "?all=true", token).await;
        assert_eq!(answer.status.as_u16(), status, "{token:?}");
    }
    let answer = operate(&tollgate(), Method::PUT, "?all=true", Some(TOKEN)).await;
    assert_eq!(answer.field("allow"), "GET, HEAD, POST, DELETE");
    for method in [Method::GET, Method::POST, Method::DELETE] {
        for (token, settings, status) in
            [(None, tollgate(), 401), (Some(TOKEN), Tollgate::builder().build().unwrap(), 403)]
        {
            let answer = operate(&settings, method.clone(), "?all=true", token).await;
            assert_eq!(answer.status.as_u16(), status, "{method}");
        }
    }
}
