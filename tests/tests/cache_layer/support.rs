//! One script at an origin, behind a layer, by a clock that stands still until a test moves it.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Method, Request};
use serde_json::{Value, json};
use tollgate::testing::ManualClock;
use tollgate::{CacheLayer, Tollgate};
use tollgate_tests::{Answer, scripted_origin, send};

pub(crate) struct Case {
    pub(crate) clock: ManualClock,
    pub(crate) layer: CacheLayer,
    router: Router,
}

/// The fields of one answer, and what else its script says.
pub(crate) fn script(fields: &[(&str, &str)], more: &Value) -> Value {
    let mut script = more.clone();
    if script.is_null() {
        script = json!({});
    }
    script["response_headers"] = fields.iter().map(|(name, value)| json!([name, value])).collect();
    script
}

impl Case {
    pub(crate) async fn of(scripts: Vec<Value>) -> Self {
        Self::with(CacheLayer::new(), scripts).await
    }

    pub(crate) async fn with(layer: CacheLayer, scripts: Vec<Value>) -> Self {
        let clock = ManualClock::new();
        let tollgate = Tollgate::builder().clock(clock.clone()).build().unwrap();
        let router = scripted_origin::router(&tollgate, &layer, Arc::new(clock.clone()));
        let script = Body::from(Value::from(scripts).to_string());
        let answer = send(&router, Request::put("/config/x").body(script).unwrap()).await;
        assert_eq!(answer.status, 201);
        Self { clock, layer, router }
    }

    /// An answer of that script, over and over.
    pub(crate) async fn repeating(layer: CacheLayer, fields: &[(&str, &str)]) -> Self {
        Self::with(layer, vec![script(fields, &Value::Null); 9]).await
    }

    pub(crate) async fn get(&self, fields: &[(&str, &str)]) -> Answer {
        self.ask(Method::GET, "/test/x", fields).await
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if !fields.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "own.test");
        }
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        send(&self.router, request.body(Body::empty()).unwrap()).await
    }

    pub(crate) fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// How often the origin was asked.
    pub(crate) async fn reached(&self) -> usize {
        self.seen().await.len()
    }

    /// What it was asked.
    pub(crate) async fn seen(&self) -> Vec<Value> {
        let answer = send(&self.router, Request::get("/state/x").body(Body::empty()).unwrap()).await;
        if answer.status == 404 { Vec::new() } else { answer.json().as_array().unwrap().clone() }
    }
}

/// Whether the second of two requests is answered out of the cache.
#[track_caller]
pub(crate) fn check(case: &str, answer: &Answer, is_hit: bool) {
    let status = answer.field("cache-status");
    assert_eq!(status.contains("; hit"), is_hit, "{case}: {status}");
}

/// A second request, after one like it.
pub(crate) async fn again(response: &[(&str, &str)], request: &[(&str, &str)]) -> Answer {
    let case = Case::repeating(CacheLayer::new(), response).await;
    let first = case.get(request).await;
    assert!(!first.field("cache-status").contains("hit"), "{response:?}");
    case.get(request).await
}
