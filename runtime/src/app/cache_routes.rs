//! The route by which operators look at caches and throw away what is in them.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Tollgate;
use super::cache::CacheError;
use super::operators::{Answering, Asked, answer, away, bad, not_allowed, pairs};
use crate::http::Problem;

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
        self.operating(|asked| Box::pin(operate(asked)))
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

async fn operate(Asked { tollgate, method, query }: Asked) -> Result<Response, Problem> {
    match method {
        Method::GET | Method::HEAD => return Ok(answer(&tollgate.kept())),
        Method::DELETE | Method::POST => {}
        _ => return Err(not_allowed("GET, HEAD, POST, DELETE")),
    }
    let cache = tollgate.cache();
    let purged = match asked(&query)? {
        Purge::Tag(tag) => cache.invalidate_tag(&tag).await,
        Purge::Site(site) => cache.invalidate_site(&site).await,
        Purge::Key(key) => cache.invalidate_key(&key).await,
        Purge::All => cache.invalidate_all().await,
    };
    purged.map_err(|error| problem(&error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The one thing that a query names.
fn asked(query: &str) -> Result<Purge, Problem> {
    const WRITE: &str = "name one thing to throw away: `?tag=..`, `?site=..`, `?key=..` or `?all=true`";
    let mut pairs = pairs(query);
    let (Some(pair), None) = (pairs.next(), pairs.next()) else { return Err(bad(WRITE)) };
    let (name, value) = pair?;
    // Most likely a variable of a script that is not set.
    if value.is_empty() {
        return Err(bad(WRITE));
    }
    match (name, value) {
        ("tag", tag) => Ok(Purge::Tag(tag)),
        ("site", site) => Ok(Purge::Site(site)),
        ("key", key) => Ok(Purge::Key(key)),
        ("all", value) if value == "true" => Ok(Purge::All),
        _ => Err(bad(WRITE)),
    }
}

fn problem(error: &CacheError) -> Problem {
    if error.is_unavailable() {
        return away(error);
    }
    Problem::new(StatusCode::NOT_FOUND).detail(error.to_string())
}
