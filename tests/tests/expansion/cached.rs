//! Templates of `cached` and `invalidates` over whatever patterns a handler's arguments have.

use std::fmt::Display;

use axum::extract::{Path, Query, State};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use bytes_of_handlers::bytes_of;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tollgate::{authorize, cached, invalidates, rate_limited, with_metrics};

use crate::support::{App, Db};

#[derive(Deserialize)]
struct Search {
    name: String,
    #[serde(default)]
    page: u32,
    deep: Option<String>,
}

const REGION: &str = "eu";

#[cached(ttl = "5m", key = "{name}/{page:03}/{deep:?}/{first}{second}", tags = ["{REGION}", "{{literally}}", "{name:>20}"])]
async fn of_patterns(
    Path((mut first, ref second)): Path<(String, String)>,
    Query(Search { mut name, page, ref deep }): Query<Search>,
    headers: HeaderMap,
    _: State<Db>,
) -> String {
    first.push('!');
    name.push('?');
    format!("{first} {second} {name} {page} {deep:?} {}", headers.len())
}

#[cached(ttl = "5m", key = "{type}", tags = ["{whole}"])]
async fn of_raw_names(Path(r#type): Path<String>, whole: String) -> String {
    format!("{type}{whole}")
}

#[cached(ttl = "5m", key = "{id}")]
async fn generic<T, const N: usize>(Path(id): Path<T>, State(db): State<Db>) -> Json<Vec<String>>
where
    T: DeserializeOwned + Display + Send + Sync + 'static,
{
    Json(vec![format!("{id} {}", db.name); N])
}

#[invalidates(tags = ["everything"], keys = ["{texts}-{wanted}"], site = "airport")]
#[cached(from_response, tags = ["{wanted}"])]
#[with_metrics]
#[rate_limited("100/minute")]
async fn of_our_names(
    Path((wanted, texts)): Path<(String, String)>,
) -> Result<impl IntoResponse, StatusCode> {
    if wanted == texts { Err(StatusCode::CONFLICT) } else { Ok((StatusCode::CREATED, wanted + &texts)) }
}

#[invalidates(tags = ["airport:{name}"])]
async fn of_a_body(Form(Search { name, page, .. }): Form<Search>) -> String {
    format!("{name}{page}")
}

macro_rules! handler {
    ($name:ident, $binding:ident, $key:literal) => {
        #[cached(ttl = "1s", key = $key)]
        async fn $name(Path($binding): Path<String>) -> String {
            $binding
        }
    };
}

handler!(of_a_macro, iata, "{iata}");

mod bytes_of_handlers {
    use axum::body::Bytes;

    #[tollgate::cached(ttl = "1s")]
    pub(crate) async fn bytes_of(body: Bytes) -> Bytes {
        body
    }
}

#[cached(ttl = "1s")]
#[authorize]
async fn behind_authorize() -> &'static str {
    "nobody"
}

#[tokio::test]
async fn a_handler_stays_what_it_is() {
    let router = Router::new()
        .route("/patterns/{first}/{second}", get(of_patterns))
        .route("/raw/{type}", get(of_raw_names))
        .route("/number/{id}", get(generic::<u64, 1>))
        .route("/byte/{id}", get(generic::<u8, 2>))
        .route("/ours/{wanted}/{texts}", get(of_our_names))
        .route("/body", post(of_a_body))
        .route("/macro/{iata}", get(of_a_macro))
        .route("/bytes", get(bytes_of))
        .route("/authorize", get(behind_authorize))
        .with_state(App::new());
    let service = tollgate_tests::Service::of(router);
    for (path, status, body, is_kept) in [
        ("/patterns/a/b?name=c&page=2", 200, "a! b c? 2 None 0", true),
        ("/patterns/ab/?name=c&page=2", 404, "", false),
        ("/raw/a", 200, "a", true),
        // Of one generic function with one key, and yet two.
        ("/number/7", 200, r#"["7 airports"]"#, true),
        ("/byte/7", 200, r#"["7 airports","7 airports"]"#, true),
        ("/ours/a/b", 201, "ab", false),
        ("/ours/a/a", 409, "", false),
        ("/macro/CDG", 200, "CDG", true),
        ("/bytes", 200, "", true),
    ] {
        for is_hit in [false, is_kept] {
            let answer = service.get(path).await;
            assert_eq!((answer.status.as_u16(), answer.body.as_str()), (status, body), "{path}");
            let told = answer.headers.get("cache-status").map_or("", |told| told.to_str().unwrap());
            assert_eq!(told.contains("; hit"), is_hit, "{path}: {told}");
        }
    }
    assert!(!service.get("/authorize").await.status.is_success());
}

#[cached(ttl = "5m", key = "{first}-{second}")]
async fn of_two_parts(Path((first, second)): Path<(String, String)>) -> String {
    format!("{first} and {second}")
}

#[tokio::test]
async fn parts_of_a_key_are_not_mixed_up() {
    let service = tollgate_tests::Service::of(Router::new().route("/{first}/{second}", get(of_two_parts)));
    for (path, body) in [("/a-b/c", "a-b and c"), ("/a/b-c", "a and b-c"), ("/a-b/c?again", "a-b and c")] {
        assert_eq!(service.get(path).await.body, body, "{path}");
    }
}

#[tokio::test]
async fn a_handler_is_called_past_its_caches() {
    let answer = of_our_names(tollgate::open((Path(("a".to_owned(), "b".to_owned())),))).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
}
