//! Handlers whose answers are kept: by nobody, by `#[cached]`, by its peers.
#![allow(clippy::unused_async, reason = "a handler is an async fn, whatever it does")]

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use ::tower_http_cache::{CacheLayer as TowerHttpCache, prelude::InMemoryBackend};
use axum::{
    BoxError, Json, Router,
    body::Body,
    error_handling::HandleError,
    extract::{Path, Request},
    http::{StatusCode, Uri},
    response::Response,
    routing::get,
};
use axum_response_cache::CacheLayer as AxumResponseCache;
use http_body_util::{BodyExt, Full};
use serde::Serialize;
use tollgate::cached;
use tower::{Layer, ServiceExt, service_fn};

use super::{
    bare::{self, Airport},
    tollgate::install,
};

const LIFE: Duration = Duration::from_secs(86_400);

/// What takes some time to write: 2 kB.
#[derive(Debug, Serialize)]
struct Airports {
    country: String,
    airports: Vec<Listed>,
}

#[derive(Debug, Serialize)]
struct Listed {
    iata: String,
    name: String,
    latitude: f64,
    longitude: f64,
    elevation: i32,
}

/// As from a database: nothing of it is there before.
fn two_kilobytes(id: u64) -> Airports {
    let airport = |number: u16| Listed {
        iata: format!("ZR{number}"),
        name: format!("Zürich number {number} of {id}"),
        latitude: 47.464_722 + f64::from(number),
        longitude: 8.549_167 + f64::from(number),
        elevation: 1416 + i32::from(number),
    };
    Airports { country: "CH".to_owned(), airports: (0..20).map(airport).collect() }
}

async fn bare_2k(Path(id): Path<u64>) -> Json<Airports> {
    Json(two_kilobytes(id))
}

#[cached(ttl = "1d", public, name = "bench_cached")]
async fn airport(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

#[cached(ttl = "1d", name = "bench_cached_private")]
async fn private_airport(Path(id): Path<u64>) -> Json<Airport> {
    Json(bare::find(id))
}

#[cached(ttl = "1d", public, name = "bench_cached_2k")]
async fn airports(Path(id): Path<u64>) -> Json<Airports> {
    Json(two_kilobytes(id))
}

pub(super) fn bare_2k_router() -> Router {
    Router::new().route("/airports/{id}", get(bare_2k))
}

pub(super) fn router() -> Router {
    install();
    Router::new().route("/airports/{id}", get(airport))
}

pub(super) fn private_router() -> Router {
    install();
    Router::new().route("/airports/{id}", get(private_airport))
}

pub(super) fn router_2k() -> Router {
    install();
    Router::new().route("/airports/{id}", get(airports))
}

/// Errors of tower-http-cache are to be made answers; none comes here.
async fn failed(_: BoxError) -> StatusCode {
    StatusCode::INTERNAL_SERVER_ERROR
}

pub(super) fn axum_response_cache() -> Router {
    bare::get_router().layer(AxumResponseCache::with_lifespan(LIFE))
}

pub(super) fn tower_http_cache() -> Router {
    by_tower_http_cache(bare::get_router())
}

pub(super) fn axum_response_cache_2k() -> Router {
    bare_2k_router().layer(AxumResponseCache::with_lifespan(LIFE))
}

pub(super) fn tower_http_cache_2k() -> Router {
    by_tower_http_cache(bare_2k_router())
}

/// Its layer asks for bodies that are `Sync`, so behind it they are collected: a hit does not come there.
fn by_tower_http_cache(router: Router) -> Router {
    let behind = service_fn(move |request: Request| {
        let router = router.clone();
        async move {
            let (head, body) = router.oneshot(request).await?.into_parts();
            Ok::<_, BoxError>(Response::from_parts(head, Full::new(body.collect().await?.to_bytes())))
        }
    });
    let cache = TowerHttpCache::builder(InMemoryBackend::new(10_000)).ttl(LIFE).build();
    // Routed behind it alone: two routers would find the id twice.
    Router::new().fallback_service(HandleError::new(cache.layer(behind), failed))
}

/// A request that nobody sent before.
pub(super) fn new_request() -> Request<Body> {
    static SENT: AtomicU32 = AtomicU32::new(0);
    let number = SENT.fetch_add(1, Ordering::Relaxed);
    let mut request = bare::get_request();
    *request.uri_mut() =
        format!("/airports/42?n={number}").parse().unwrap_or(Uri::from_static("/airports/42"));
    request
}
