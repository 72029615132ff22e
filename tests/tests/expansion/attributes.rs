//! Other attributes of a handler: those that describe it stay outside, those that change the function go inside.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use http::StatusCode;
use tollgate::{rate_limited, with_metrics};
use tollgate_tests::{Service, site};

use crate::support::passes;
use crate::trace;

mod outside {
    #![deny(warnings, unfulfilled_lint_expectations, missing_docs)]

    use super::{Path, Router, get, rate_limited, with_metrics};

    /// Documented.
    #[rate_limited("2/minute")]
    #[with_metrics]
    #[deprecated(note = "use another")]
    pub(super) async fn old() -> &'static str {
        "old"
    }

    /// Documented in between, with a lint of its own.
    #[rate_limited("2/minute")]
    #[allow(unused_variables)]
    #[with_metrics]
    #[cfg_attr(all(), doc = "And some more.")]
    pub(super) async fn quiet(Path(id): Path<u32>) -> &'static str {
        "quiet"
    }

    #[doc = "Documented, and expecting a lint."]
    #[rate_limited("2/minute")]
    #[with_metrics]
    #[expect(unused_variables)]
    #[warn(clippy::pedantic)]
    pub(super) async fn expecting(Path(id): Path<u32>) -> &'static str {
        "expecting"
    }

    pub(super) fn router() -> Router {
        #[expect(deprecated)] // the gate is, and its call of the function inside is not reported
        let old = get(old);
        Router::new()
            .route("/old", old)
            .route("/quiet/{id}", get(quiet))
            .route("/expecting/{id}", get(expecting))
    }
}

#[tokio::test]
async fn documentation_deprecation_and_lints_stay_on_the_gate() {
    let ask = |path: &'static str, site| passes(outside::router(), move || tollgate_tests::get(path), site);
    assert_eq!(ask("/old", concat!(module_path!(), "::outside::old")).await, "old");
    assert_eq!(ask("/quiet/7", concat!(module_path!(), "::outside::quiet")).await, "quiet");
    assert_eq!(ask("/expecting/7", concat!(module_path!(), "::outside::expecting")).await, "expecting");
}

mod inside {
    #![deny(warnings)]

    use super::{rate_limited, with_metrics};

    #[rate_limited("2/minute")]
    #[inline]
    #[with_metrics]
    #[cold]
    #[cfg_attr(all(), must_use, expect(unused_variables))]
    pub(super) async fn decorated() -> &'static str {
        let unused = 7;
        "decorated"
    }
}

#[tokio::test]
async fn what_changes_the_function_goes_with_it() {
    let router = Router::new().route("/", get(inside::decorated));
    let site = concat!(module_path!(), "::inside::decorated");
    assert_eq!(passes(router, || tollgate_tests::get("/"), site).await, "decorated");
}

#[rate_limited("2/minute")]
#[with_metrics]
#[tracing::instrument(name = "below_both", skip_all, fields(id = id))]
async fn below(Path(id): Path<u32>) -> String {
    tracing::info!("called");
    id.to_string()
}

#[tracing::instrument(name = "above_both", skip_all)]
#[rate_limited("2/minute")]
#[with_metrics]
async fn above(Path(id): Path<u32>) -> String {
    tracing::info!("called");
    id.to_string()
}

#[rate_limited("2/minute")]
#[tracing::instrument(name = "between", level = "debug", fields(of = "mine"))]
#[with_metrics]
async fn between(Path(id): Path<u32>) -> String {
    tracing::info!("called");
    id.to_string()
}

#[tokio::test]
async fn an_instrumented_function_runs_in_its_span_and_a_refused_request_enters_none() {
    let router = Router::new()
        .route("/below/{id}", get(below))
        .route("/above/{id}", get(above))
        .route("/between/{id}", get(between));
    for (path, site, name) in [
        ("/below/7", site!(below), "below_both"),
        ("/above/7", site!(above), "above_both"),
        ("/between/7", site!(between), "between"),
    ] {
        trace::remember();
        let body = passes(router.clone(), || tollgate_tests::get(path), site).await;
        assert_eq!(body, "7");
        assert_eq!(trace::around_events(), [name, name], "two requests passed");
        assert_eq!(trace::entered(), [name, name], "and a third was refused");
    }
}

#[rate_limited("2/minute")]
#[cfg(test)]
#[with_metrics]
async fn chosen() -> &'static str {
    "the one that is"
}

#[rate_limited("7/minute")]
#[cfg(not(test))]
#[with_metrics]
async fn chosen() -> &'static str {
    "the one that is not"
}

#[rate_limited("2/minute")]
#[cfg_attr(any(), rate_limited("1/minute", key = global))]
#[with_metrics]
#[cfg_attr(any(), tollgate::with_metrics, does::not::exist)]
async fn partly() -> &'static str {
    "partly"
}

#[tokio::test]
async fn what_is_configured_out_does_not_count() {
    let router = Router::new().route("/chosen", get(chosen)).route("/partly", get(partly));
    let body = passes(router.clone(), || tollgate_tests::get("/chosen"), site!(chosen)).await;
    assert_eq!(body, "the one that is");
    assert_eq!(passes(router, || tollgate_tests::get("/partly"), site!(partly)).await, "partly");
}

#[cfg_attr(all(), rate_limited("2/minute"), with_metrics)]
async fn both_in_one() -> &'static str {
    "both"
}

#[cfg_attr(all(), with_metrics, cfg_attr(not(any()), rate_limited("2/minute")))]
async fn one_in_the_other() -> &'static str {
    "nested"
}

#[tokio::test]
async fn what_is_configured_in_counts() {
    let router = Router::new().route("/both", get(both_in_one)).route("/nested", get(one_in_the_other));
    assert_eq!(passes(router.clone(), || tollgate_tests::get("/both"), site!(both_in_one)).await, "both");
    assert_eq!(passes(router, || tollgate_tests::get("/nested"), site!(one_in_the_other)).await, "nested");
}

#[rate_limited("2/minute")]
#[with_metrics]
#[cfg_attr(all(), rate_limited("100/minute", key = global))]
async fn two_limits() {}

#[tokio::test]
async fn a_second_limit_may_come_by_configuration() {
    let service = Service::of(Router::new().route("/", get(two_limits)));
    let answer = service.get("/").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.rate_limit(), r#""ip-minute";r=1;t=30, "global-minute";r=99;t=1"#);
    let counts = "with_metrics completed 1, rate_limited admitted 1, rate_limited:global admitted 1";
    assert_eq!(service.counts(site!(two_limits)), counts);
}
