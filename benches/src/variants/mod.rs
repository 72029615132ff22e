//! What `requests` measures: one line of [`VARIANTS`] each.
//!
//! To add one, write its router (and, if it is none of the two in `bare`, its request) in the file of its
//! family, and add a line to the table. Then everything else follows: the measurements, the table that is
//! printed, the test that it answers 200.
//!
//! All variants of a baseline answer the same request with the same body, and every limit is so high ([`QUOTA`])
//! that nothing is refused, so a variant and its baseline differ by the policy alone. Every request carries
//! `ConnectInfo`, as behind `into_make_service_with_connect_info`.

mod bare;
mod cached;
mod hand;
mod hand_metrics;
mod pages;
mod peers;
mod tollgate;
mod versioned;

use axum::{Router, body::Body, extract::Request};

/// Installs the process's `Tollgate`, the same whoever comes first.
pub(crate) fn install() {
    tollgate::install();
}

/// What every limiter here admits per minute and per client, all of it at once if need be.
pub const QUOTA: u32 = 1_000_000_000;

/// One way to serve the request of its baseline.
#[derive(Clone, Copy, Debug)]
pub struct Variant {
    /// The name in the table and on the command line.
    pub name: &'static str,
    /// What stands in front of the handler.
    pub about: &'static str,
    /// The variant that this one is compared with: the same handler and request with nothing in front.
    pub baseline: &'static str,
    /// Makes the service. Called inside a tokio runtime, once per process.
    pub build: fn() -> Router,
    /// Makes one request, the same every time.
    pub request: fn() -> Request<Body>,
}

impl Variant {
    /// Whether it is what others are compared with.
    #[must_use]
    pub fn is_baseline(&self) -> bool {
        self.name == self.baseline
    }
}

/// All of them, in the order of the printed table; a baseline stands before its variants.
pub const VARIANTS: &[Variant] = &[
    Variant {
        name: "bare",
        about: "GET: Path to a small Json",
        baseline: "bare",
        build: bare::get_router,
        request: bare::get_request,
    },
    Variant {
        name: "from_fn",
        about: "a middleware that does nothing",
        baseline: "bare",
        build: peers::from_fn,
        request: bare::get_request,
    },
    Variant {
        name: "hand",
        about: "the best hand-written limiter, with RateLimit fields",
        baseline: "bare",
        build: hand::router,
        request: bare::get_request,
    },
    Variant {
        name: "tower_governor",
        about: "as it comes: no fields",
        baseline: "bare",
        build: peers::tower_governor,
        request: bare::get_request,
    },
    Variant {
        name: "tower_governor+headers",
        about: "with x-ratelimit fields",
        baseline: "bare",
        build: peers::tower_governor_with_headers,
        request: bare::get_request,
    },
    Variant {
        name: "hand-metrics",
        about: "prometheus-client by hand, timed to the head",
        baseline: "bare",
        build: hand_metrics::router,
        request: bare::get_request,
    },
    Variant {
        name: "axum-prometheus",
        about: "its default metrics",
        baseline: "bare",
        build: peers::axum_prometheus,
        request: bare::get_request,
    },
    Variant {
        name: "gate",
        about: "an empty gate: what the way through one costs",
        baseline: "bare",
        build: tollgate::gate,
        request: bare::get_request,
    },
    Variant {
        name: "with_metrics",
        about: "`#[with_metrics]`",
        baseline: "bare",
        build: tollgate::with_metrics_alone,
        request: bare::get_request,
    },
    Variant {
        name: "rate_limited",
        about: "`#[rate_limited]` by ip, with RateLimit fields",
        baseline: "bare",
        build: tollgate::rate_limited_alone,
        request: bare::get_request,
    },
    Variant {
        name: "both",
        about: "both attributes",
        baseline: "bare",
        build: tollgate::both,
        request: bare::get_request,
    },
    Variant {
        name: "circuit_breaker",
        about: "`#[circuit_breaker]`, closed",
        baseline: "bare",
        build: tollgate::circuit_breaker_alone,
        request: bare::get_request,
    },
    Variant {
        name: "guarded",
        about: "a closed `#[circuit_breaker]`, `#[bulkhead]` with room, `#[timeout]`",
        baseline: "bare",
        build: tollgate::guarded,
        request: bare::get_request,
    },
    Variant {
        name: "MetricsLayer",
        about: "the layer around a bare handler",
        baseline: "bare",
        build: tollgate::metrics_layer,
        request: bare::get_request,
    },
    Variant {
        name: "layered_gate",
        about: "the empty gate behind a layer that does nothing: what axum takes for any layer",
        baseline: "layered_gate",
        build: tollgate::layered_gate,
        request: bare::get_request,
    },
    Variant {
        name: "layer",
        about: "`tollgate.layer()` around the empty gate",
        baseline: "layered_gate",
        build: tollgate::layer,
        request: bare::get_request,
    },
    Variant {
        name: "bare_token",
        about: "GET with a bearer token",
        baseline: "bare_token",
        build: bare::get_router,
        request: bare::get_request_with_token,
    },
    Variant {
        name: "authorize",
        about: "`#[authorize(role = ..)]` with `BearerTokens`",
        baseline: "bare_token",
        build: tollgate::authorize_alone,
        request: bare::get_request_with_token,
    },
    Variant {
        name: "all",
        about: "metrics, a limit by ip, `authorize`, a limit by principal",
        baseline: "bare_token",
        build: tollgate::all,
        request: bare::get_request_with_token,
    },
    Variant {
        name: "bare_version",
        about: "GET that says its version, which nobody reads",
        baseline: "bare_version",
        build: bare::get_router,
        request: versioned::request,
    },
    Variant {
        name: "versions",
        about: "`versions!` of two handlers, by `API-Version`",
        baseline: "bare_version",
        build: versioned::item,
        request: versioned::request,
    },
    Variant {
        name: "versioned",
        about: "a handler with `#[versioned]` alone",
        baseline: "bare_version",
        build: versioned::alone,
        request: versioned::request,
    },
    Variant {
        name: "bare_post",
        about: "POST: State, Path and Json to Json",
        baseline: "bare_post",
        build: bare::post_router,
        request: bare::post_request,
    },
    Variant {
        name: "gate_post",
        about: "an empty gate before State, Path and Json",
        baseline: "bare_post",
        build: tollgate::gate_post,
        request: bare::post_request,
    },
    Variant {
        name: "layered_bare",
        about: "GET behind a layer that does nothing",
        baseline: "layered_bare",
        build: tollgate::layered_bare,
        request: bare::get_request,
    },
    Variant {
        name: "ErrorLayer",
        about: "the layer around a bare handler: an id made, echoed and logged with",
        baseline: "layered_bare",
        build: tollgate::error_layer,
        request: bare::get_request,
    },
    Variant {
        name: "hand_page",
        about: "a page of 20, by hand",
        baseline: "hand_page",
        build: pages::hand_router,
        request: pages::request,
    },
    Variant {
        name: "page",
        about: "the same by `Pagination` and `Page`",
        baseline: "hand_page",
        build: pages::router,
        request: pages::request,
    },
    Variant {
        name: "no_cursor",
        about: "a first page, asked for alone",
        baseline: "no_cursor",
        build: pages::continued_router,
        request: pages::first_request,
    },
    Variant {
        name: "cursor",
        about: "the next one by cursor, asked for alone",
        baseline: "no_cursor",
        build: pages::continued_router,
        request: pages::continued_request,
    },
    Variant {
        name: "cached",
        about: "a hit of `#[cached(public)]`: the same small Json",
        baseline: "bare",
        build: cached::router,
        request: bare::get_request,
    },
    Variant {
        name: "cached_private",
        about: "the same without `public`, where a resolver says who asks",
        baseline: "bare",
        build: cached::private_router,
        request: bare::get_request,
    },
    Variant {
        name: "axum-response-cache",
        about: "a hit of its layer, keyed by method and path",
        baseline: "bare",
        build: cached::axum_response_cache,
        request: bare::get_request,
    },
    Variant {
        name: "tower-http-cache",
        about: "a hit of its layer in memory, keyed by path and query",
        baseline: "bare",
        build: cached::tower_http_cache,
        request: bare::get_request,
    },
    Variant {
        name: "bare_2k",
        about: "GET: a Json of 2 kB, made and written",
        baseline: "bare_2k",
        build: cached::bare_2k_router,
        request: bare::get_request,
    },
    Variant {
        name: "cached_2k",
        about: "a hit of `#[cached(public)]`: the same 2 kB",
        baseline: "bare_2k",
        build: cached::router_2k,
        request: bare::get_request,
    },
    Variant {
        name: "axum-response-cache_2k",
        about: "the same by its layer",
        baseline: "bare_2k",
        build: cached::axum_response_cache_2k,
        request: bare::get_request,
    },
    Variant {
        name: "tower-http-cache_2k",
        about: "the same by its layer",
        baseline: "bare_2k",
        build: cached::tower_http_cache_2k,
        request: bare::get_request,
    },
    Variant {
        name: "bare_new",
        about: "GET: Path to a small Json, with a query that never came before",
        baseline: "bare_new",
        build: bare::get_router,
        request: cached::new_request,
    },
    Variant {
        name: "cached_miss",
        about: "a miss of `#[cached(public)]`, kept",
        baseline: "bare_new",
        build: cached::router,
        request: cached::new_request,
    },
    Variant {
        name: "tower-http-cache_miss",
        about: "a miss of its layer, kept",
        baseline: "bare_new",
        build: cached::tower_http_cache,
        request: cached::new_request,
    },
];

/// The variant of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Variant> {
    VARIANTS.iter().find(|variant| variant.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_baselines_stand_first() {
        for (index, variant) in VARIANTS.iter().enumerate() {
            let seen = &VARIANTS[..index];
            assert!(seen.iter().all(|other| other.name != variant.name), "{} twice", variant.name);
            let baseline = seen.iter().find(|other| other.name == variant.baseline);
            assert!(variant.is_baseline() || baseline.is_some_and(Variant::is_baseline), "{}", variant.name);
        }
    }

    #[test]
    fn a_variant_sends_its_baselines_request() {
        for variant in VARIANTS {
            let (own, baseline) = ((variant.request)(), (find(variant.baseline).unwrap().request)());
            assert_eq!(own.method(), baseline.method(), "{}", variant.name);
            assert_eq!(own.uri().path(), baseline.uri().path(), "{}", variant.name);
        }
    }
}
