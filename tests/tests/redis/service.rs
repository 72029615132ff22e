//! The handlers of these tests, and what stands for one process: a `Tollgate` of its own in front of them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use http::{HeaderValue, Request, StatusCode};
use tokio::task::JoinSet;
use tollgate::{Clock, RateLimitLayer, Tollgate, TollgateBuilder, limits, rate_limited};
use tollgate_tests::shifted_clock::ShiftedClock;
use tollgate_tests::{Answer, send};

#[rate_limited("5/hour", key = header("x-client"), name = "local")]
async fn local() {}

#[rate_limited("5/hour", key = header("x-client"), on_store_error = open, name = "open")]
async fn open() {}

#[rate_limited("5/hour", key = header("x-client"), on_store_error = closed, name = "closed")]
async fn closed() {}

#[rate_limited("5/hour", key = global, name = "global")]
async fn global() {}

#[rate_limited("5/minute", "7/hour", key = header("x-client"), algorithm = sliding_log, name = "rates")]
async fn rates() {}

/// Whoever asks a clock that is 5 s ahead has a permit more.
#[rate_limited("5/20s", key = header("x-client"), name = "brief")]
async fn brief() {}

/// And here all of them.
#[rate_limited("5/4s", key = header("x-client"), algorithm = sliding_log, name = "brief_log")]
async fn brief_log() {}

#[rate_limited("5/hour", key = header("x-client"), name = "both")]
#[rate_limited("50/hour", key = global, on_store_error = closed)]
async fn both() {}

#[rate_limited("5/hour", key = header("x-client"), name = "guarded")]
#[rate_limited("50/hour", key = global, on_store_error = open)]
async fn guarded() {}

#[rate_limited("5/hour", key = header("x-client"), charge_on = [401], name = "login")]
async fn login(headers: http::HeaderMap) -> StatusCode {
    if headers.contains_key("x-password") { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
}

/// What an outage may cost a request, once it is known.
pub(crate) const LITTLE: Duration = Duration::from_millis(5);
/// Long enough for a machine that does much else: where every decision has to come in time.
pub(crate) const PATIENT: &str = "5s";
/// The same, where some are waited for in vain.
pub(crate) const MODERATE: &str = "1s";
/// Where it does not matter which come in time.
pub(crate) const SHORT: &str = "100ms";
/// No answer takes longer: else something hangs.
const DEADLINE: Duration = Duration::from_secs(20);

/// A namespace that no other test has.
pub(crate) fn namespace() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("faults{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// Settings of the processes of one service.
pub(crate) fn on(url: &str, timeout: &str) -> TollgateBuilder {
    Tollgate::builder().redis(url).namespace(namespace()).store_timeout(timeout)
}

/// Limited by a layer.
fn layered() -> Router {
    let limits = limits!("5/hour", key = header("x-client"), name = "layered");
    Router::new().route("/layered", get(async || ())).layer(RateLimitLayer::new(limits))
}

/// What stands for a process.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) tollgate: Tollgate,
    pub(crate) clock: ShiftedClock,
    router: Router,
}

impl Node {
    pub(crate) fn new(settings: TollgateBuilder) -> Self {
        let clock = ShiftedClock::new(Duration::ZERO);
        let tollgate = settings.clock(clock.clone()).build().unwrap();
        let router = Router::new()
            .route("/local", get(local))
            .route("/open", get(open))
            .route("/closed", get(closed))
            .route("/global", get(global))
            .route("/rates", get(rates))
            .route("/brief", get(brief))
            .route("/brief_log", get(brief_log))
            .route("/both", get(both))
            .route("/guarded", get(guarded))
            .route("/login", get(login))
            .merge(layered())
            .route("/metrics", get(tollgate.metrics_handler()))
            .layer(tollgate.layer());
        Self { tollgate, clock, router }
    }

    /// Several of one service.
    pub(crate) fn several(count: usize, settings: &TollgateBuilder) -> Vec<Self> {
        (0..count).map(|_| Self::new(settings.clone())).collect()
    }

    /// What a client is answered, in time.
    pub(crate) async fn ask(&self, path: &str, client: &str) -> Answer {
        self.ask_with(path, client, "x-nothing").await
    }

    /// With one more field.
    pub(crate) async fn ask_with(&self, path: &str, client: &str, field: &'static str) -> Answer {
        let mut request = Request::get(path).body(axum::body::Body::empty()).unwrap();
        request.headers_mut().insert("x-client", HeaderValue::from_str(client).unwrap());
        request.headers_mut().insert(field, HeaderValue::from_static("1"));
        let answer = tokio::time::timeout(DEADLINE, send(&self.router, request)).await;
        answer.unwrap_or_else(|_| panic!("{path} hangs"))
    }

    /// So many requests one after another.
    pub(crate) async fn ask_often(&self, path: &str, client: &str, count: u32) -> Sent {
        let mut sent = Sent::default();
        for _ in 0..count {
            sent.note(&self.ask(path, client).await);
        }
        sent
    }

    /// How long the median of so many requests took.
    pub(crate) async fn median(&self, path: &str, client: &str, count: usize) -> Duration {
        let mut nanos = Vec::new();
        for _ in 0..count {
            let begun = self.clock.now();
            self.ask(path, client).await;
            nanos.push(self.clock.now().nanos_since(begun));
        }
        nanos.sort_unstable();
        Duration::from_nanos(nanos[count / 2])
    }

    /// How often its store could not be asked, as `/metrics` says.
    pub(crate) async fn store_errors(&self) -> u64 {
        let metrics = self.ask("/metrics", "the collector").await;
        store_errors(&metrics.body)
    }
}

/// What `/metrics` says about the store.
pub(crate) fn store_errors(metrics: &str) -> u64 {
    let line = |line: &str| line.strip_prefix("tollgate_store_errors_total{store=\"redis\"} ")?.parse().ok();
    metrics.lines().find_map(line).unwrap_or_else(|| panic!("no store errors in {metrics}"))
}

/// What became of requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    /// 200, and what a handler says itself.
    pub(crate) passed: u64,
    /// 429
    pub(crate) refused: u64,
    /// 503
    pub(crate) closed: u64,
}

impl Sent {
    /// Also holds that each says what it has to.
    pub(crate) fn note(&mut self, answer: &Answer) {
        match answer.status {
            StatusCode::TOO_MANY_REQUESTS => {
                assert!(answer.field("retry-after").parse::<u64>().unwrap() > 0, "{answer:?}");
                assert!(answer.rate_limit().contains("r=0"), "{answer:?}");
                self.refused += 1;
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                assert_eq!(answer.field("retry-after"), "1", "{answer:?}");
                assert_eq!(answer.field("content-type"), "application/problem+json", "{answer:?}");
                self.closed += 1;
            }
            StatusCode::OK | StatusCode::UNAUTHORIZED => self.passed += 1,
            _ => panic!("{answer:?}"),
        }
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.refused += other.refused;
        self.closed += other.closed;
    }
}

/// So many requests of a client at once, dealt out to the nodes.
pub(crate) async fn crowd(nodes: &[Node], path: &'static str, client: &str, count: usize) -> Sent {
    let mut requests = JoinSet::new();
    for node in nodes.iter().cycle().take(count) {
        let (node, client) = (node.clone(), client.to_owned());
        requests.spawn(async move { node.ask(path, &client).await });
    }
    let mut sent = Sent::default();
    for answer in requests.join_all().await {
        sent.note(&answer);
    }
    sent
}

/// How the limits of a site decided, over all nodes: outcomes by name, without what is zero.
pub(crate) fn outcomes(nodes: &[Node], site: &str) -> BTreeMap<&'static str, u64> {
    let mut all = BTreeMap::new();
    for count in nodes.iter().flat_map(|node| node.tollgate.decisions()) {
        if count.site == site && count.count > 0 {
            *all.entry(count.outcome.as_str()).or_default() += count.count;
        }
    }
    all
}

/// How often that was the outcome.
pub(crate) fn outcome(nodes: &[Node], site: &str, outcome: &str) -> u64 {
    outcomes(nodes, site).get(outcome).copied().unwrap_or_default()
}

/// Holds that the metrics tell what happened to all requests that these nodes were sent, which had one limit each.
pub(crate) async fn metrics_tell(nodes: &[Node], site: &str, sent: Sent) {
    let count = |outcomes: &[&str]| -> u64 { outcomes.iter().map(|name| outcome(nodes, site, name)).sum() };
    let told = Sent {
        passed: count(&["admitted", "locally_admitted", "store_failed"]),
        refused: count(&["refused", "locally_refused"]),
        closed: count(&["store_refused"]),
    };
    assert_eq!(told, sent, "{:?}", outcomes(nodes, site));
    let mut errors = 0;
    for node in nodes {
        errors += node.store_errors().await;
    }
    let of_outage = count(&["locally_admitted", "locally_refused", "store_failed", "store_refused"]);
    assert_eq!(errors, of_outage, "{:?}", outcomes(nodes, site));
}

/// Asks again and again until it is so: what happens elsewhere comes when it comes.
pub(crate) async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let clock = tollgate::SystemClock::new();
    let begun = clock.now();
    while !is_so().await {
        assert!(clock.now().nanos_since(begun) < 30_000_000_000, "waited for half a minute, in vain: {what}");
        clock.sleep_until(clock.now().saturating_add(Duration::from_millis(5))).await;
    }
}

/// Until the store decides again. Asks for somebody new each time, whose requests nobody else counts.
pub(crate) async fn until_decided(node: &Node, path: &str) -> Sent {
    let site = path.trim_start_matches('/');
    let nodes = std::slice::from_ref(node);
    let mut sent = Sent::default();
    let before = outcome(nodes, site, "admitted");
    until("a decision of the store", async || {
        sent.note(&node.ask(path, &namespace()).await);
        outcome(nodes, site, "admitted") > before
    })
    .await;
    sent
}

/// Until the store is known to be away: a question comes back undecided.
pub(crate) async fn until_away(node: &Node, path: &str) -> Sent {
    let mut sent = Sent::default();
    let before = node.store_errors().await;
    until("an outage", async || {
        sent.note(&node.ask(path, &namespace()).await);
        node.store_errors().await > before
    })
    .await;
    sent
}
