//! Serving by the default although a `Tollgate` was built is most likely a mistake, so it is counted, and logged once.
//!
//! What is told here happens once in a process, so it is one test, and this program has no other.

#![allow(clippy::unwrap_used)] // clippy knows tests by `#[test]`, and the subscriber has none

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::get;
use http::StatusCode;
use tollgate::{default_fallbacks, rate_limited};
use tollgate_tests::{Service, send, site};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Remembers what is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, _: &Field, value: &dyn Debug) {
        write!(self.0, "{value:?}").unwrap();
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN && metadata.target().starts_with("tollgate")
    }

    fn event(&self, event: &Event<'_>) {
        let mut message = Message(format!("{}: ", event.metadata().level()));
        event.record(&mut message);
        self.0.lock().unwrap().push(message.0);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[rate_limited("3/day", key = global)]
async fn handler() {}

#[tokio::test]
async fn the_default_serves_unseen_until_a_tollgate_was_built_that_nothing_uses() {
    let log = Log::default();
    let _guard = tracing::subscriber::set_default(log.clone());
    let router = Router::new().route("/", get(handler));
    let ask = async || send(&router, tollgate_tests::get("/")).await.status;

    assert_eq!(ask().await, StatusCode::OK);
    assert_eq!(default_fallbacks(), 0, "nobody set anything up");

    let service = Service::of(router.clone());
    assert_eq!(service.get("/").await.status, StatusCode::OK);
    assert_eq!(default_fallbacks(), 0, "a layer was found");
    assert_eq!(*log.0.lock().unwrap(), [""; 0]);

    assert_eq!(ask().await, StatusCode::OK);
    assert_eq!(ask().await, StatusCode::OK);
    assert_eq!(default_fallbacks(), 2);
    let warning = "WARN: a Tollgate was built, but this request found none and is served by the in-memory default: \
                   call `tollgate.install()`, or put `tollgate.layer()` around the router, outside of all its other \
                   layers";
    assert_eq!(*log.0.lock().unwrap(), [warning]);

    assert_eq!(ask().await, StatusCode::TOO_MANY_REQUESTS, "its budgets go on");
    assert_eq!(service.counts(site!(handler)), "rate_limited admitted 1");
    assert_eq!(default_fallbacks(), 3);
}
