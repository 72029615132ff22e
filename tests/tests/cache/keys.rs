//! What tells answers apart.

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use http::Request;
use tollgate::{CacheLayer, cached};
use tollgate_tests::Service;
use tower::ServiceBuilder;

use crate::support::{Script, answer, get_with, is_hit, router, service};

#[tokio::test]
async fn two_functions_with_the_same_request_have_entries_of_their_own() {
    let script = Script::counting();
    let twins = Router::new()
        .nest("/a", Router::new().route("/x", get(crate::support::plain)))
        .nest("/b", Router::new().route("/x", get(crate::support::twin)))
        .with_state(script.clone());
    let service = Service::of(twins);
    assert_eq!(service.get("/a/x").await.body, "1");
    assert_eq!(service.get("/b/x").await.body, "2");
}

#[tokio::test]
async fn what_stands_in_front_of_a_nested_router_counts() {
    #[cached(ttl = "10s")]
    async fn of_tenant(Path(parts): Path<(String, String)>) -> String {
        parts.0
    }
    let inner = Router::new().route("/{id}", get(of_tenant));
    let service = Service::of(Router::new().nest("/tenants/{tenant}", inner));
    assert_eq!(service.get("/tenants/a/1").await.body, "a");
    assert_eq!(service.get("/tenants/b/1").await.body, "b");
}

#[tokio::test]
async fn paths_count_as_they_are_sent() {
    let script = Script::counting();
    let service = service(&script);
    let paths =
        ["/plain", "/plain/", "/plain/a", "/plain/A", "/plain/%61", "/plain//a", "/plain/a/", "/plain/..;/a"];
    for path in paths {
        service.get(path).await;
    }
    for path in paths {
        assert!(is_hit(&service.get(path).await) || service.get(path).await.status == 404, "{path}");
    }
    assert_eq!(script.runs(), paths.len() as u64 - 1, "`/plain/` is no route");
}

#[tokio::test]
async fn parameters_count_and_their_order_does_not() {
    let script = Script::counting();
    let service = service(&script);
    for (number, query) in
        ["", "?", "?q", "?q=", "?q=a", "?q=A", "?q=%61", "?q=a&q=b", "?q=b&q=a", "?a=1&b=2", "?a=1"]
            .into_iter()
            .enumerate()
    {
        let answer = service.get(&format!("/plain{query}")).await;
        assert_eq!(answer.body, (number + 1).to_string(), "{query}");
    }
    assert!(is_hit(&service.get("/plain?b=2&a=1").await));
}

#[tokio::test]
async fn hosts_count_and_their_case_does_not() {
    let script = Script::new(|_, parts| {
        let host = parts.headers.get("host").map(|host| host.to_str().unwrap().to_lowercase());
        host.unwrap_or_default()
    });
    let service = service(&script);
    for host in ["a.example", "b.example", "a.example:8080", "a.example.", ""] {
        assert_eq!(service.send(get_with("/plain", &[("host", host)])).await.body, host);
    }
    assert_eq!(service.get("/plain").await.body, "");
    assert_eq!(script.runs(), 6, "an empty one is not one that is missing");
    assert!(is_hit(&service.send(get_with("/plain", &[("host", "A.Example")])).await));
    let two = [("host", "a.example"), ("host", "b.example")];
    assert!(!is_hit(&service.send(get_with("/plain", &two)).await), "two are neither of them");
    let absolute = Request::get("http://c.example/plain").header("host", "a.example");
    assert!(!is_hit(&service.send(absolute.body(Body::empty()).unwrap()).await));
}

#[tokio::test]
async fn fields_that_are_declared_count() {
    let script = Script::new(|run, parts| {
        let accept = parts.headers.get("accept").map_or("none", |accept| accept.to_str().unwrap());
        answer(http::StatusCode::OK, &[("vary", "Accept")], &format!("{run} {accept}"))
    });
    let service = service(&script);
    let of = |fields: &[(&str, &str)]| get_with("/varying", fields);
    assert_eq!(service.send(of(&[])).await.body, "1 none");
    let json = service.send(of(&[("accept", "text/json")])).await;
    assert_eq!((json.body.as_str(), json.headers.get_all("vary").iter().count()), ("2 text/json", 2));
    assert_eq!(service.send(of(&[("accept", "")])).await.body, "3 ", "empty is not missing");
    assert_eq!(service.send(of(&[("accept", " text/json ")])).await.body, "2 text/json");
    let both = [("accept-language", "fr"), ("accept", "text/json")];
    assert_eq!(service.send(of(&both)).await.body, "4 text/json", "all have to match");
    let turned = [("accept", "text/json"), ("accept-language", "fr")];
    assert!(is_hit(&service.send(of(&turned)).await));
    assert!(is_hit(&service.send(of(&[("x-other", "1")])).await), "others do not");
}

#[tokio::test]
async fn an_answer_that_varies_by_what_is_not_declared_is_not_kept() {
    for vary in ["accept", "accept, cookie", "*", "accept, *", "x y"] {
        let script = Script::new(move |run, _| {
            answer(http::StatusCode::OK, &[("vary", vary), ("cache-control", "max-age=60")], &run.to_string())
        });
        let service = service(&script);
        for path in ["/plain", "/said"] {
            let before = script.runs();
            service.get(path).await;
            service.get(path).await;
            assert_eq!(script.runs() - before, 2, "{path} {vary}");
        }
    }
}

#[tokio::test]
async fn a_key_of_the_functions_own_takes_the_place_of_path_and_query_only() {
    let script = Script::counting();
    let service = service(&script);
    service.get("/keyed/7").await;
    assert!(is_hit(&service.get("/keyed/7?utm=1").await));
    assert!(!is_hit(&service.get("/keyed/8").await));
    assert!(!is_hit(&service.send(get_with("/keyed/7", &[("host", "other")])).await));
}

#[tokio::test]
async fn parts_of_a_key_that_read_the_same_in_full_are_told_apart() {
    #[cached(ttl = "10s", key = "{a}-{b}")]
    async fn pair(Path((a, b)): Path<(String, String)>) -> String {
        format!("{a} and {b}")
    }
    let service = Service::of(Router::new().route("/{a}/{b}", get(pair)));
    assert_eq!(service.get("/x-y/z").await.body, "x-y and z");
    assert_eq!(service.get("/x/y-z").await.body, "x and y-z");
}

#[tokio::test]
async fn what_a_generic_function_stands_for_counts_also_at_one_path() {
    trait Kind: Send + Sync + 'static {
        const NAME: &'static str;
    }
    struct Plain;
    struct Secret;
    impl Kind for Plain {
        const NAME: &'static str = "plain";
    }
    impl Kind for Secret {
        const NAME: &'static str = "secret";
    }
    #[cached(ttl = "10s")]
    async fn kind<K: Kind, const N: u8>() -> String {
        format!("{} {N}", K::NAME)
    }
    let chosen = |request: Request<Body>| {
        let said = request.headers().get("x-kind").map_or("", |said| said.to_str().unwrap());
        let handler = match said {
            "secret" => get(kind::<Secret, 1>),
            "two" => get(kind::<Plain, 2>),
            _ => get(kind::<Plain, 1>),
        };
        let router = Router::new().route("/kind", handler);
        async move { tower::ServiceExt::oneshot(router, request).await.unwrap() }
    };
    let service = Service::of(Router::new().fallback(chosen));
    for (kind, expected) in [("secret", "secret 1"), ("two", "plain 2"), ("", "plain 1")] {
        let request = || get_with("/kind?a=1", &[("x-kind", kind)]);
        let first = service.send(request()).await;
        assert!(!is_hit(&first) && first.body == expected, "{kind}: {}", first.body);
        let second = service.send(request()).await;
        assert!(is_hit(&second) && second.body == expected, "{kind}: {}", second.body);
    }
}

#[tokio::test]
async fn a_key_that_is_too_long_is_not_looked_for() {
    let script = Script::counting();
    let service = service(&script);
    let path = format!("/plain?q={}", "x".repeat(9_000));
    for run in 1..=2 {
        let answer = service.get(&path).await;
        assert_eq!(
            (answer.body, answer.headers["cache-status"].to_str().unwrap()),
            (run.to_string(), "tollgate; fwd=bypass")
        );
    }
}

#[tokio::test]
async fn each_tollgate_has_entries_of_its_own() {
    let script = Script::counting();
    let (one, other) = (Service::of(router(&script)), Service::of(router(&script)));
    assert_eq!(one.get("/plain").await.body, "1");
    assert_eq!(other.get("/plain").await.body, "2");
    let _ = State(script);
}

/// Lets a field of the request choose the path, as layers do.
async fn rewrite(mut request: Request<Body>, next: Next) -> Response {
    let version = request.headers().get("x-version").map_or("v1", |version| version.to_str().unwrap());
    *request.uri_mut() = format!("/{version}/x").parse().unwrap();
    next.run(request).await
}

fn rewriting(inner: Router) -> Service {
    let inner = ServiceBuilder::new().layer(from_fn(rewrite)).service(inner);
    Service::of(Router::new().nest_service("/api", inner))
}

#[cached(ttl = "10s", public)]
async fn versioned(Path(version): Path<String>) -> String {
    version
}

#[tokio::test]
async fn what_a_layer_rewrites_is_told_apart_by_what_it_is_rewritten_to() {
    let said = async |Path(version): Path<String>| ([("cache-control", "max-age=60")], version);
    let services = [
        rewriting(Router::new().route("/{version}/x", get(versioned))),
        rewriting(Router::new().route("/{version}/x", get(said)).layer(CacheLayer::new())),
    ];
    for service in services {
        assert_eq!(service.get("/api/x").await.body, "v1");
        assert_eq!(service.send(get_with("/api/x", &[("x-version", "v2")])).await.body, "v2");
        assert!(is_hit(&service.get("/api/x").await));
    }
}

/// Its `Display` gives up in the middle.
#[derive(serde::Deserialize)]
struct Shy(String);

impl std::fmt::Display for Shy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0[..1]).and(Err(std::fmt::Error))
    }
}

#[cached(ttl = "10s", public, key = "{id}")]
async fn shy(Path(id): Path<Shy>) -> String {
    id.0
}

#[tokio::test]
async fn a_key_that_cannot_be_written_is_none() {
    let service = Service::of(Router::new().route("/shy/{id}", get(shy)));
    assert_eq!(service.get("/shy/ab").await.body, "ab");
    assert_eq!(service.get("/shy/ac").await.body, "ac");
}

#[cached(ttl = "10s", public, tags = ["shy", "shy:{id}"])]
async fn shy_tag(Path(id): Path<Shy>) -> String {
    id.0
}

#[tokio::test]
async fn what_has_a_tag_that_cannot_be_written_is_not_kept() {
    let service = Service::of(Router::new().route("/shy/{id}", get(shy_tag)));
    for _ in 0..2 {
        let answer = service.get("/shy/ab").await;
        assert_eq!((answer.body.as_str(), answer.field("cache-status")), ("ab", "tollgate; fwd=bypass"));
    }
}
