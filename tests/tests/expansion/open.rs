//! A handler is a function that unit tests call, with its gate open.

use axum::Json;
use axum::extract::{Path, State};
use http::{HeaderMap, StatusCode};
use http_body_util::BodyExt;
use tollgate::{Tollgate, rate_limited, with_metrics};
use tollgate_tests::{counts, site};

use crate::support::Db;

#[rate_limited("2/minute")]
#[with_metrics]
async fn none() -> &'static str {
    "none"
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn one(Path(id): Path<u32>) -> Result<String, StatusCode> {
    if id == 0 { Err(StatusCode::NOT_FOUND) } else { Ok(id.to_string()) }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn three(State(db): State<Db>, headers: HeaderMap, Json(ids): Json<Vec<u32>>) -> String {
    format!("{} {} {ids:?}", db.name, headers.len())
}

async fn read(response: axum::response::Response) -> (StatusCode, HeaderMap, String) {
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().into();
    (head.status, head.headers, String::from_utf8(body).unwrap())
}

#[tokio::test]
async fn an_open_gate_passes_the_arguments_on() {
    assert_eq!(read(none(tollgate::open(())).await).await.2, "none");
    assert_eq!(read(one(tollgate::open((Path(7),))).await).await.2, "7");
    let arguments = (State(Db { name: "airports" }), HeaderMap::new(), Json(vec![1, 2]));
    assert_eq!(read(three(tollgate::open(arguments)).await).await.2, "airports 0 [1, 2]");
}

#[tokio::test]
async fn an_open_gate_gives_the_answer_and_the_error_as_they_are() {
    let (status, headers, _) = read(one(tollgate::open((Path(0),))).await).await;
    assert_eq!((status, headers.len()), (StatusCode::NOT_FOUND, 0));
}

#[tokio::test]
async fn an_open_gate_neither_limits_nor_counts() {
    let tollgate = Tollgate::builder().build().unwrap();
    tollgate
        .scope(async {
            for _ in 0..9 {
                assert_eq!(none(tollgate::open(())).await.status(), StatusCode::OK);
            }
        })
        .await;
    assert_eq!(counts(&tollgate, site!(none)), "");
}
