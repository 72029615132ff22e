//! The route by which operators look at caches and throw away what is in them.

use std::borrow::Cow;
use std::pin::Pin;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};

use super::cache::CacheError;
use super::{Admin, Tollgate};
use crate::http::{Problem, decoded};

/// An answer to wait for.
type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What somebody wants thrown away.
#[derive(Debug, PartialEq, Eq)]
enum Purge {
    Tag(String),
    Site(String),
    Key(String),
    All,
}

impl Tollgate {
    /// The handler of a route for operators, who present the [admin token](crate::TollgateBuilder::admin_token): `GET` tells how much is
    /// kept, `DELETE` and `POST` throw away what the query names (204).
    ///
    /// The query names one thing: `?tag=airport:CDG`, `?site=airports::handlers::nearest`, `?key=/airports/nearest%3Flat=49%26lon=2.5` or
    /// `?all=true`, as the methods of [`CacheControl`](crate::CacheControl) take them. The answer to `GET` is `{"store": "memory", "entries": ..,
    /// "bytes": .., "max_bytes": .., "answers": {"entries", "bytes"}, "values": {"entries", "bytes"}}`, of the memory of this process, and tells no
    /// keys. What goes wrong is a problem; a 503 says that everything is gone in this process, and that the others are told when the shared store is back.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use tollgate::Tollgate;
    ///
    /// let tollgate = Tollgate::builder().admin_token("a-token-of-32-characters-or-more").build()?;
    /// let cache = tollgate.cache_handler();
    /// let app: Router = Router::new().route("/admin/cache", get(cache.clone()).post(cache.clone()).delete(cache));
    /// # Ok::<_, tollgate::ConfigError>(())
    /// ```
    pub fn cache_handler(&self) -> impl Fn(Request) -> Answering + Clone + Send + Sync + use<> {
        let tollgate = self.clone();
        move |request| {
            let tollgate = tollgate.clone();
            Box::pin(async move {
                let (parts, _) = request.into_parts();
                let answered = tollgate.operate_cache(&parts.method, &parts.headers, parts.uri.query()).await;
                answered.unwrap_or_else(IntoResponse::into_response)
            })
        }
    }

    async fn operate_cache(
        &self,
        method: &Method,
        headers: &HeaderMap,
        query: Option<&str>,
    ) -> Result<Response, Problem> {
        let Admin = self.admit_admin(headers)?;
        match *method {
            Method::GET | Method::HEAD => return Ok(answer(&self.kept())),
            Method::DELETE | Method::POST => {}
            _ => return Err(not_allowed()),
        }
        let cache = self.cache();
        let purged = match asked(query.unwrap_or_default())? {
            Purge::Tag(tag) => cache.invalidate_tag(&tag).await,
            Purge::Site(site) => cache.invalidate_site(&site).await,
            Purge::Key(key) => cache.invalidate_key(&key).await,
            Purge::All => cache.invalidate_all().await,
        };
        purged.map_err(|error| problem(&error))?;
        Ok(StatusCode::NO_CONTENT.into_response())
    }

    fn kept(&self) -> Value {
        let cache = self.cache();
        let [answers, values] =
            cache.each().map(|(entries, bytes)| json!({ "entries": entries, "bytes": bytes }));
        json!({
            "store": self.inner.cache_store,
            "entries": cache.entries(),
            "bytes": cache.bytes(),
            "max_bytes": self.inner.cache_bytes,
            "answers": answers,
            "values": values,
        })
    }
}

fn answer(told: &Value) -> Response {
    let fields = [
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    (fields, told.to_string()).into_response()
}

/// The one thing that a query names.
fn asked(query: &str) -> Result<Purge, Problem> {
    const WRITE: &str = "name one thing to throw away: `?tag=..`, `?site=..`, `?key=..` or `?all=true`";
    let mut pairs = query.split('&').filter(|pair| !pair.is_empty());
    let (Some(pair), None) = (pairs.next(), pairs.next()) else { return Err(bad(WRITE)) };
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let Some(value) = decoded(value) else { return Err(bad("the query is no text (UTF-8)")) };
    // Most likely a variable of a script that is not set.
    if value.is_empty() {
        return Err(bad(WRITE));
    }
    match (name, value.into_owned()) {
        ("tag", tag) => Ok(Purge::Tag(tag)),
        ("site", site) => Ok(Purge::Site(site)),
        ("key", key) => Ok(Purge::Key(key)),
        ("all", value) if value == "true" => Ok(Purge::All),
        _ => Err(bad(WRITE)),
    }
}

fn bad(detail: impl Into<Cow<'static, str>>) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST).detail(detail.into())
}

fn not_allowed() -> Problem {
    let allowed = HeaderValue::from_static("GET, HEAD, POST, DELETE");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED).header(ALLOW, allowed)
}

fn problem(error: &CacheError) -> Problem {
    if error.is_unavailable() {
        let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE).detail(error.to_string());
        return problem.header(RETRY_AFTER, HeaderValue::from(1_u64));
    }
    Problem::new(StatusCode::NOT_FOUND).detail(error.to_string())
}
