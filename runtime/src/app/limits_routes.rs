//! Routes about limits: one for operators, and one for clients about themselves.

use std::sync::Arc;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Tollgate;
use super::limits::{LimitsError, site_of};
use super::operators::{Answering, Asked, answer, away, bad, not_allowed, pairs};
use crate::core::{Key, ParseKeyError, Registry, Site};
use crate::http::{Problem, RequestFacts};
use crate::rate_limit::{LimitState, RateState, inspect};

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
        self.operating(|asked| Box::pin(operate(asked)))
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
}

async fn operate(Asked { tollgate, method, query }: Asked) -> Result<Response, Problem> {
    let is_reset = match method {
        Method::GET | Method::HEAD => false,
        Method::DELETE => true,
        _ => return Err(not_allowed("GET, HEAD, DELETE")),
    };
    let (site, key) = asked(&query)?;
    let limits = tollgate.limits();
    if is_reset {
        limits.reset(&site, &key).await.map_err(|error| problem(&error))?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let states = limits.read(&site, &key).await.map_err(|error| problem(&error))?;
    Ok(answer(&json!({ "site": site, "limits": states.iter().map(limit).collect::<Value>() })))
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
    for pair in pairs(query) {
        let (name, value) = pair?;
        let place = match name {
            "site" => &mut site,
            "key" => &mut key,
            _ => return Err(bad("the query names a `site` and a `key`, and nothing else")),
        };
        if place.replace(value).is_some() {
            return Err(bad("the query names a `site` and a `key` once each"));
        }
    }
    let (Some(site), Some(key)) = (site, key) else {
        return Err(bad("name a function and a key: `?site=airports&key=ip:203.0.113.7`"));
    };
    key.parse().map(|key| (site, key)).map_err(|error: ParseKeyError| bad(error.to_string()))
}

fn problem(error: &LimitsError) -> Problem {
    if error.is_unavailable() {
        return away(error);
    }
    let status = if error.is_unknown_site() { StatusCode::NOT_FOUND } else { StatusCode::BAD_REQUEST };
    Problem::new(status).detail(error.to_string())
}
