//! Routes about circuit breakers: one for operators, who see and hold them, and one that tells whoever runs the service how it is.

use std::future::{Ready, ready};
use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Tollgate;
use super::breakers::{BreakerControl, BreakerError, BreakerStatus};
use super::operators::{Answering, Asked, answer, bad, not_allowed, pairs};
use crate::circuit_breaker::Group;
use crate::core::closest;
use crate::http::Problem;

/// How somebody may want a breaker to be.
const STATES: [&str; 5] = ["forced_open", "forced_closed", "normal", "disabled", "reset"];

impl Tollgate {
    /// The handler of a route for operators, who present the [admin token](crate::TollgateBuilder::admin_token): `GET` tells how all circuit
    /// breakers stand, `POST` holds one, or lets it go (204).
    ///
    /// The query of `POST` names a function and how its breaker is to be: `?site=airports::weather&state=forced_open`, or `forced_closed`,
    /// `disabled`, `normal` (nobody holds it) and `reset` (the same, closed, with nothing counted); and where there is one for each key and
    /// one of them is meant, its `key=text:acme`. It holds in this process. The answer to `GET` is `{"breakers": [{"site", "key", "state",
    /// "calls", "failures", "slow", "failure_rate", "open_for"}]}`, as of [`BreakerStatus`], with durations in seconds; it tells keys. What goes
    /// wrong is a problem.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tollgate::Tollgate;
    ///
    /// let tollgate = Tollgate::builder().admin_token("a-token-of-32-characters-or-more").build()?;
    /// let breakers = tollgate.breakers_handler();
    /// let app: Router = Router::new().route("/admin/breakers", get(breakers.clone()).post(breakers));
    /// # Ok::<_, tollgate::ConfigError>(())
    /// ```
    pub fn breakers_handler(&self) -> impl Fn(Request) -> Answering + Clone + Send + Sync + use<> {
        self.operating(|asked| Box::pin(ready(operate(&asked))))
    }

    /// The handler of a route that tells how the service is: always 200, with `{"status": "up"}`, or, while circuits are open, half-open or held
    /// open, `{"status": "degraded", "open": ["airports::weather"]}`, sorted by name.
    ///
    /// An open circuit is never "not ready": it protects what is behind it, and a service that is taken out of rotation for it can answer
    /// nothing any more, with fallbacks or without them. So whoever looks at the status alone sees that the process answers. Anybody who can
    /// reach the route reads the names of functions.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tollgate::Tollgate;
    ///
    /// let tollgate = Tollgate::builder().build()?;
    /// let app: Router = Router::new().route("/health", get(tollgate.health_handler()));
    /// # Ok::<_, tollgate::ConfigError>(())
    /// ```
    pub fn health_handler(&self) -> impl Fn() -> Ready<Response> + Clone + Send + Sync + use<> {
        let tollgate = self.clone();
        move || ready(answer(&tollgate.health()))
    }

    fn health(&self) -> Value {
        let breakers = self.breakers();
        let is_degraded = |group: &&Group| group.is_degraded();
        let mut open: Vec<_> = breakers.groups().filter(is_degraded).map(Group::site).collect();
        if open.is_empty() {
            return json!({ "status": "up" });
        }
        open.sort_unstable();
        json!({ "status": "degraded", "open": open })
    }
}

fn operate(Asked { tollgate, method, query }: &Asked) -> Result<Response, Problem> {
    match *method {
        Method::GET | Method::HEAD => {
            let breakers = tollgate.circuit_breakers();
            Ok(answer(&json!({ "breakers": breakers.iter().map(breaker).collect::<Value>() })))
        }
        Method::POST => {
            let Wanted { site, key, state } = wanted(query)?;
            let control = tollgate.breaker(&site).map_err(|error| problem(&error))?;
            let control = match key {
                None => control,
                Some(key) => control.key(&key).map_err(|error| problem(&error))?,
            };
            hold(&control, &state)?;
            Ok(StatusCode::NO_CONTENT.into_response())
        }
        _ => Err(not_allowed("GET, HEAD, POST")),
    }
}

fn hold(control: &BreakerControl, state: &str) -> Result<(), Problem> {
    match state {
        "forced_open" => control.force_open(),
        "forced_closed" => control.force_closed(),
        "disabled" => control.disable(),
        "normal" => control.automatic(),
        "reset" => control.reset(),
        other => {
            return Err(bad(match closest(other, STATES.into_iter()) {
                Some(near) => format!("a breaker cannot be held so: did you mean `{near}`?"),
                None => format!("a breaker cannot be held so: there are {}", STATES.join(", ")),
            }));
        }
    }
    Ok(())
}

/// Durations in seconds.
fn breaker(status: &BreakerStatus) -> Value {
    json!({
        "site": status.site,
        "key": status.key.as_deref(),
        "state": status.state.as_str(),
        "calls": status.calls,
        "failures": status.failures,
        "slow": status.slow,
        "failure_rate": status.failure_rate,
        "open_for": status.open_for.as_ref().map(Duration::as_secs_f64),
    })
}

/// What a query wants.
#[derive(Debug)]
struct Wanted {
    site: String,
    key: Option<String>,
    state: String,
}

fn wanted(query: &str) -> Result<Wanted, Problem> {
    const WRITE: &str =
        "name a function, and how its breaker is to be: `?site=airports::weather&state=forced_open`";
    let (mut site, mut key, mut state) = (None, None, None);
    for pair in pairs(query) {
        let (name, value) = pair?;
        let place = match name {
            "site" => &mut site,
            "key" => &mut key,
            "state" => &mut state,
            _ => {
                return Err(bad("the query names a `site`, a `state` and perhaps a `key`, and nothing else"));
            }
        };
        if place.replace(value).is_some() {
            return Err(bad("the query names a `site`, a `state` and perhaps a `key`, once each"));
        }
    }
    match (site, state) {
        (Some(site), Some(state)) => Ok(Wanted { site, key, state }),
        _ => Err(bad(WRITE)),
    }
}

fn problem(error: &BreakerError) -> Problem {
    Problem::new(StatusCode::NOT_FOUND).detail(error.to_string())
}
