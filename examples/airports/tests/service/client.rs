//! Calls the service without a socket.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::thread;
use std::time::Duration;

use airports::options::{Limits, Options};
use airports::weather::service;
use airports::{Db, Sources, Weather, app};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Method, Request, Response};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tollgate::testing::ManualClock;
use tollgate::{Clock, SystemClock, Tollgate, TollgateBuilder};
use tower::ServiceExt;

/// Outlives the tests, whose runtimes end with them: connections to a database that tests share must not.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());

/// One for all tests that change nothing, because filling it takes longer than any of them.
static DB: LazyLock<Db> = LazyLock::new(own_db);

/// One for all tests that are not about limits.
pub(crate) static UNLIMITED: LazyLock<Router> =
    LazyLock::new(|| service(&builder(Limits::Off).build().unwrap()));

/// With the keys of the demonstration, and with [`ADMIN_TOKEN`].
pub(crate) fn builder(limits: Limits) -> TollgateBuilder {
    let admin_token = Some(ADMIN_TOKEN.to_owned().into());
    Options { limits, admin_token, ..Options::default() }.configure(Tollgate::builder())
}

pub(crate) const ADMIN_TOKEN: &str = "operator-of-tests";
pub(crate) const READER: &str = "demo-reader";
pub(crate) const EDITOR: &str = "demo-editor";

/// The service with budgets of its own.
pub(crate) fn service(tollgate: &Tollgate) -> Router {
    bare_service(tollgate).layer(tollgate.layer())
}

/// The service as the program serves it, which takes the budgets of the process.
pub(crate) fn bare_service(tollgate: &Tollgate) -> Router {
    app(without_weather(DB.clone()), tollgate)
}

/// The service with airports of its own, and without limits: for what changes them.
pub(crate) fn own_service() -> Router {
    let tollgate = builder(Limits::Off).build().unwrap();
    app(without_weather(own_db()), &tollgate).layer(tollgate.layer())
}

/// For tests that do not ask for the weather: nobody listens there.
pub(crate) fn without_weather(db: Db) -> Sources {
    Sources { db, weather: Weather::at("http://127.0.0.1:9").unwrap() }
}

/// Serves it on a port of its own, and says at which.
pub(crate) fn start(service: Router) -> SocketAddr {
    thread::spawn(|| RUNTIME.block_on(service::start(service))).join().unwrap().unwrap()
}

/// Lets a clock go on as the time does, until this is dropped: for those who wait on it.
pub(crate) struct Ticking(JoinHandle<()>);

impl Ticking {
    const TICK: Duration = Duration::from_millis(1);

    pub(crate) fn new(clock: &ManualClock) -> Self {
        let (clock, real) = (clock.clone(), SystemClock::new());
        Self(RUNTIME.spawn(async move {
            loop {
                real.sleep_until(real.now().saturating_add(Self::TICK)).await;
                clock.advance(Self::TICK);
            }
        }))
    }
}

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The airports, with the weather from there.
pub(crate) fn with_weather(upstream: SocketAddr) -> Sources {
    Sources { db: DB.clone(), weather: Weather::at(&format!("http://{upstream}")).unwrap() }
}

/// On a thread of its own, because a test waits for nothing by blocking its runtime.
pub(crate) fn own_db() -> Db {
    thread::spawn(|| RUNTIME.block_on(Db::open(None)).unwrap()).join().unwrap()
}

pub(crate) fn request(method: Method, uri: &str) -> Request<Body> {
    Request::builder().method(method).uri(uri).body(Body::empty()).unwrap()
}

/// With an API key.
pub(crate) fn keyed(key: &'static str, mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert("x-api-key", HeaderValue::from_static(key));
    request
}

pub(crate) async fn send_to(service: &Router, request: Request<Body>) -> Response<Body> {
    RUNTIME.spawn(service.clone().oneshot(request)).await.unwrap().unwrap()
}

pub(crate) async fn body(response: Response<Body>) -> Vec<u8> {
    response.into_body().collect().await.unwrap().to_bytes().into()
}

pub(crate) async fn json(response: Response<Body>) -> Value {
    serde_json::from_slice(&body(response).await).unwrap()
}
