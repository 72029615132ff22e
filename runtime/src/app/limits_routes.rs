//! Routes about limits: one for operators, and one for clients about themselves.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::limits::{LimitsError, site_of};
use super::{Admin, Tollgate};
use crate::core::{Key, ParseKeyError, Registry, Site};
use crate::http::{Problem, RequestFacts, decoded};
use crate::rate_limit::{LimitState, RateState, inspect};

/// An answer to wait for.
type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

impl Tollgate {
    /// The handler of a route for operators, who present the [admin token](crate::TollgateBuilder::admin_token): `GET` tells how the limits
    /// of a function stand for a key, `DELETE` makes its budgets full (204).
    ///
    /// The query names both: `?site=airports&key=ip:203.0.113.7`. Keys are written as [`Key`] reads them. The answer is
    /// `{"site": .., "limits": [{"policy", "key", "shadow", "local", "rates": [{"name", "quota", "window", "burst", "remaining", "grows_in"}]}]}`,
    /// with durations in seconds; what goes wrong is a problem.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tollgate::Tollgate;
    ///
    /// let tollgate = Tollgate::builder().admin_token("a-token-of-32-characters-or-more").build()?;
    /// let limits = tollgate.limits_handler();
    /// let app: Router = Router::new().route("/admin/limits", get(limits.clone()).delete(limits));
    /// # Ok::<_, tollgate::ConfigError>(())
    /// ```
    pub fn limits_handler(&self) -> impl Fn(Request) -> Answering + Clone + Send + Sync + use<> {
        let tollgate = self.clone();
        move |request| {
            let tollgate = tollgate.clone();
            Box::pin(async move {
                let (parts, _) = request.into_parts();
                let answered = tollgate.operate(&parts.method, &parts.headers, parts.uri.query()).await;
                answered.unwrap_or_else(IntoResponse::into_response)
            })
        }
    }

    /// The handler of a route that tells clients how their own limits stand, without charging them: of every function whose limits count by
    /// something that is known of this request, such as the address, the principal or a header field that it bears.
    ///
    /// The answer is `{"sites": [{"site", "limits": [..]}]}` as of [`limits_handler`](Self::limits_handler). Functions are called by the name
    /// that was written for them, or by their own without the module; limits in shadow mode and those of calls
    /// (`#[call::rate_limited]`) are left out. [`own_limits_handler_of`] tells of
    /// some functions alone. With a shared store each limit is a question to it: give the route a limit of its own.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tollgate::Tollgate;
    ///
    /// let tollgate = Tollgate::builder().build()?;
    /// let app: Router = Router::new().route("/me/limits", get(tollgate.own_limits_handler())).layer(tollgate.layer());
    /// # Ok::<_, tollgate::ConfigError>(())
    /// ```
    ///
    /// [`own_limits_handler_of`]: Self::own_limits_handler_of
    pub fn own_limits_handler(&self) -> impl Fn(Request) -> Answering + Clone + Send + Sync + use<> {
        self.telling(Registry::get().sites().into())
    }

    /// The same, of these functions alone.
    ///
    /// # Errors
    /// Where there is no function of one of the names.
    pub fn own_limits_handler_of(
        &self,
        sites: &[&str],
    ) -> Result<impl Fn(Request) -> Answering + Clone + Send + Sync + use<>, LimitsError> {
        let sites: Result<Vec<_>, _> = sites.iter().map(|name| site_of(name)).collect();
        Ok(self.telling(sites?.into()))
    }

    fn telling(
        &self,
        sites: Arc<[&'static Site]>,
    ) -> impl Fn(Request) -> Answering + Clone + Send + Sync + use<> {
        let tollgate = self.clone();
        move |request| {
            let (tollgate, sites) = (tollgate.clone(), Arc::clone(&sites));
            let (mut parts, _) = request.into_parts();
            Box::pin(async move {
                let resolution = tollgate.resolution(&mut parts).await;
                let questions: Vec<_> = {
                    let facts = RequestFacts::by(&parts, tollgate.client_rule());
                    // Whoever cannot prove who it is has limits nonetheless.
                    let facts = facts.with_principal(resolution.as_ref().ok().and_then(Option::as_ref));
                    let about = |site: &&'static Site| {
                        (*site, inspect::about_request(site, tollgate.in_force(), &facts))
                    };
                    sites.iter().map(about).filter(|(_, questions)| !questions.is_empty()).collect()
                };
                let mut told = Vec::with_capacity(questions.len());
                for (site, questions) in questions {
                    let now = tollgate.clock().now();
                    let states = inspect::read(tollgate.budgets(), &questions, now).await;
                    told.push(json!({ "site": site.public_name(), "limits": states.iter().map(limit).collect::<Value>() }));
                }
                answer(&json!({ "sites": told }))
            })
        }
    }

    async fn operate(
        &self,
        method: &Method,
        headers: &HeaderMap,
        query: Option<&str>,
    ) -> Result<Response, Problem> {
        let Admin = self.admit_admin(headers)?;
        let is_reset = match *method {
            Method::GET | Method::HEAD => false,
            Method::DELETE => true,
            _ => return Err(not_allowed()),
        };
        let (site, key) = asked(query.unwrap_or_default())?;
        if is_reset {
            self.limits().reset(&site, &key).await.map_err(|error| problem(&error))?;
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        let states = self.limits().read(&site, &key).await.map_err(|error| problem(&error))?;
        Ok(answer(&json!({ "site": site, "limits": states.iter().map(limit).collect::<Value>() })))
    }
}

fn answer(told: &Value) -> Response {
    let fields = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (fields, told.to_string()).into_response()
}

fn limit(state: &LimitState) -> Value {
    json!({
        "policy": state.policy,
        "key": state.key,
        "shadow": state.shadow,
        "local": state.local,
        "rates": state.rates.iter().map(rate).collect::<Value>(),
    })
}

/// Durations in seconds.
fn rate(state: &RateState) -> Value {
    json!({
        "name": state.name,
        "quota": state.quota,
        "window": state.window.as_secs_f64(),
        "burst": state.burst,
        "remaining": state.remaining,
        "grows_in": state.grows_in.as_secs_f64(),
    })
}

/// The function and the key that a query names, each once.
fn asked(query: &str) -> Result<(String, Key), Problem> {
    let (mut site, mut key) = (None, None);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let place = match name {
            "site" => &mut site,
            "key" => &mut key,
            _ => return Err(bad("the query names a `site` and a `key`, and nothing else")),
        };
        let Some(value) = decoded(value) else { return Err(bad("the query is no text (UTF-8)")) };
        if place.replace(value.into_owned()).is_some() {
            return Err(bad("the query names a `site` and a `key` once each"));
        }
    }
    let (Some(site), Some(key)) = (site, key) else {
        return Err(bad("name a function and a key: `?site=airports&key=ip:203.0.113.7`"));
    };
    key.parse().map(|key| (site, key)).map_err(|error: ParseKeyError| bad(error.to_string()))
}

fn bad(detail: impl Into<Cow<'static, str>>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST).detail(detail.into())
}

fn not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, HeaderValue::from_static("GET, HEAD, DELETE"))
}

fn problem(error: &LimitsError) -> Problem {
    let (status, is_away) = if error.is_unknown_site() {
        (StatusCode::NOT_FOUND, false)
    } else if error.is_unavailable() {
        (StatusCode::SERVICE_UNAVAILABLE, true)
    } else {
        (StatusCode::BAD_REQUEST, false)
    };
    let problem = Problem::new(status).detail(error.to_string());
    if is_away { problem.header(RETRY_AFTER, HeaderValue::from(1_u64)) } else { problem }
}
