//! The two handlers with nothing in front: what every other variant is compared with.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Json, Router,
    body::Body,
    extract::{ConnectInfo, Path, Request, State},
    http::{HeaderValue, Method, Uri, header},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};

/// What both handlers answer.
#[derive(Debug, Serialize)]
pub(super) struct Airport {
    pub(super) id: u64,
    pub(super) name: &'static str,
    pub(super) elevation: i32,
}

/// The body of the POST.
#[derive(Debug, Deserialize)]
pub(super) struct Correction {
    pub(super) elevation: i32,
}

/// The state of the POST: something that is shared and changed, so that it can't be left out.
pub(super) type Corrections = Arc<AtomicU64>;

/// The body of every GET handler.
pub(super) fn find(id: u64) -> Airport {
    Airport { id, name: "Zürich", elevation: 1416 }
}

/// The body of every POST handler.
pub(super) fn correct(corrections: &Corrections, id: u64, correction: &Correction) -> Airport {
    corrections.fetch_add(1, Ordering::Relaxed);
    Airport { elevation: correction.elevation, ..find(id) }
}

async fn airport(Path(id): Path<u64>) -> Json<Airport> {
    Json(find(id))
}

async fn correct_airport(
    State(corrections): State<Corrections>,
    Path(id): Path<u64>,
    Json(correction): Json<Correction>,
) -> Json<Airport> {
    Json(correct(&corrections, id, &correction))
}

pub(super) fn get_router() -> Router {
    Router::new().route("/airports/{id}", get(airport))
}

pub(super) fn post_router() -> Router {
    Router::new().route("/airports/{id}", post(correct_airport)).with_state(Corrections::default())
}

pub(super) fn get_request() -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_static("/airports/42");
    connected(request)
}

/// The token of [`get_request_with_token`].
pub(super) const TOKEN: &str = "s3cr3t-of-the-benchmark";

pub(super) fn get_request_with_token() -> Request<Body> {
    let mut request = get_request();
    let value = HeaderValue::from_static("Bearer s3cr3t-of-the-benchmark");
    request.headers_mut().insert(header::AUTHORIZATION, value);
    request
}

pub(super) fn post_request() -> Request<Body> {
    let mut request = Request::new(Body::from(r#"{"elevation":1417}"#));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = Uri::from_static("/airports/42");
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    connected(request)
}

fn connected(mut request: Request<Body>) -> Request<Body> {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((Ipv4Addr::LOCALHOST, 50_000))));
    request
}
