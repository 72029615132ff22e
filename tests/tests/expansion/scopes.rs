//! Names and the places where handlers stand.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use http::StatusCode;
use tollgate::{rate_limited, with_metrics};
use tollgate_tests::{Service, site};

use crate::support::passes;

mod one {
    #[tollgate::rate_limited("2/minute")]
    #[tollgate::with_metrics]
    pub(super) async fn list() -> &'static str {
        "one"
    }
}

mod other {
    #[tollgate::rate_limited("2/minute")]
    #[tollgate::with_metrics]
    pub(in crate::scopes) async fn list() -> &'static str {
        "other"
    }

    pub(super) mod deeper {
        #[tollgate::rate_limited("2/minute")]
        #[tollgate::with_metrics]
        pub(in super::super) async fn list() -> &'static str {
            "deeper"
        }
    }
}

#[tokio::test]
async fn sibling_modules_have_handlers_of_one_name() {
    let router = Router::new()
        .route("/one", get(one::list))
        .route("/other", get(other::list))
        .route("/deeper", get(other::deeper::list));
    let ask = |path: &'static str, site| passes(router.clone(), move || tollgate_tests::get(path), site);
    assert_eq!(ask("/one", concat!(module_path!(), "::one::list")).await, "one");
    assert_eq!(ask("/other", concat!(module_path!(), "::other::list")).await, "other");
    assert_eq!(ask("/deeper", concat!(module_path!(), "::other::deeper::list")).await, "deeper");
}

#[tokio::test]
async fn handlers_of_one_name_have_budgets_of_their_own() {
    let router = Router::new().route("/one", get(one::list)).route("/other", get(other::list));
    let service = Service::of(router);
    for path in ["/one", "/other", "/one", "/other"] {
        assert_eq!(service.get(path).await.status, StatusCode::OK);
    }
}

#[rate_limited("2/minute")]
#[with_metrics]
async fn shared() -> &'static str {
    shared::text()
}

mod shared {
    pub(super) const fn text() -> &'static str {
        "module"
    }
}

#[tokio::test]
async fn a_module_has_the_name_of_a_handler() {
    let router = Router::new().route("/", get(shared));
    assert_eq!(passes(router, || tollgate_tests::get("/"), site!(shared)).await, "module");
}

fn first_body() -> Router {
    #[rate_limited("2/minute")]
    #[with_metrics]
    async fn within() -> &'static str {
        "first"
    }
    Router::new().route("/first", get(within))
}

fn second_body() -> Router {
    use tollgate::{rate_limited as limited, with_metrics};

    #[limited("2/minute")]
    #[with_metrics]
    async fn within(Path(id): Path<u32>) -> String {
        format!("second {id}")
    }
    Router::new().route("/second/{id}", get(within))
}

/// The names of the sites whose functions are called that, in order.
fn sites(function: &str) -> Vec<String> {
    let inventory = Service::of(Router::new()).tollgate.inventory();
    let own = inventory.sites.iter();
    own.filter(|site| site.origin.module == module_path!() && site.origin.function == function)
        .map(|site| site.name.to_owned())
        .collect()
}

#[tokio::test]
async fn two_function_bodies_have_handlers_of_one_name_told_apart_by_line() {
    let sites = sites("within");
    let [first, second] = sites.as_slice() else { panic!("two sites: {sites:?}") };
    assert!(first.starts_with(concat!(module_path!(), "::within@")), "{first}");
    let router = first_body().merge(second_body());
    assert_eq!(passes(router.clone(), || tollgate_tests::get("/first"), first).await, "first");
    assert_eq!(passes(router, || tollgate_tests::get("/second/7"), second).await, "second 7");
}

#[tokio::test]
async fn handlers_stand_in_blocks_and_closures() {
    let outer = {
        #[rate_limited("2/minute")]
        #[with_metrics]
        async fn within_block() -> &'static str {
            "outer"
        }
        Router::new().route("/outer", get(within_block))
    };
    let inner = || {
        #[rate_limited("2/minute")]
        #[with_metrics]
        async fn within_block() -> &'static str {
            "inner"
        }
        Router::new().route("/inner", get(within_block))
    };
    let sites = sites("within_block");
    let [first, second] = sites.as_slice() else { panic!("two sites: {sites:?}") };
    let router = outer.merge(inner());
    assert_eq!(passes(router.clone(), || tollgate_tests::get("/outer"), first).await, "outer");
    assert_eq!(passes(router, || tollgate_tests::get("/inner"), second).await, "inner");
}

/// Handlers that are called as the expansion calls what is its own.
mod words {
    #[tollgate::rate_limited("2/minute")]
    #[tollgate::with_metrics]
    pub(super) async fn gate(gate: http::Method) -> String {
        gate.to_string()
    }

    #[tollgate::rate_limited("2/minute")]
    #[tollgate::with_metrics]
    pub(super) async fn run(run: http::Method) -> String {
        run.to_string()
    }

    #[tollgate::rate_limited("2/minute")]
    #[tollgate::with_metrics]
    pub(super) async fn argument_0(argument_1: http::Method, argument_0: http::Uri) -> String {
        format!("{argument_1} {argument_0}")
    }

    #[tollgate::rate_limited("2/minute")]
    #[tollgate::with_metrics]
    pub(super) async fn with_metrics() -> &'static str {
        "with_metrics"
    }

    #[tollgate::rate_limited("2/minute")]
    #[tollgate::with_metrics]
    pub(super) async fn tollgate() -> &'static str {
        "tollgate"
    }
}

#[tokio::test]
async fn handlers_are_called_by_words_of_the_expansion() {
    let router = Router::new()
        .route("/gate", get(words::gate))
        .route("/run", get(words::run))
        .route("/argument", get(words::argument_0))
        .route("/with_metrics", get(words::with_metrics))
        .route("/tollgate", get(words::tollgate));
    let ask = |path: &'static str, site| passes(router.clone(), move || tollgate_tests::get(path), site);
    assert_eq!(ask("/gate", concat!(module_path!(), "::words::gate")).await, "GET");
    assert_eq!(ask("/run", concat!(module_path!(), "::words::run")).await, "GET");
    assert_eq!(ask("/argument", concat!(module_path!(), "::words::argument_0")).await, "GET /argument");
    assert_eq!(ask("/with_metrics", concat!(module_path!(), "::words::with_metrics")).await, "with_metrics");
    assert_eq!(ask("/tollgate", concat!(module_path!(), "::words::tollgate")).await, "tollgate");
}

/// Nothing that generated code names is found by its first name alone.
mod nothing_in_scope {
    #![no_implicit_prelude]
    #![allow(dead_code)]

    mod axum {}
    mod core {}
    mod http {}
    mod linkme {}
    mod std {}
    mod tollgate {}

    struct Gate;
    struct Option;
    struct Response;
    struct Result;

    #[::tollgate::rate_limited("2/minute", burst = 2, key = global, missing = reject, cost = 1)]
    #[::tollgate::with_metrics]
    pub(super) async fn handler(_: ::http::Method) -> &'static str {
        "found"
    }
}

#[tokio::test]
async fn the_expansion_relies_on_no_name_in_scope() {
    let router = Router::new().route("/", get(nothing_in_scope::handler));
    let site = concat!(module_path!(), "::nothing_in_scope::handler");
    assert_eq!(passes(router, || tollgate_tests::get("/"), site).await, "found");
}

macro_rules! router {
    ($($path:literal $rate:literal)*) => {
        Router::new()$(.merge({
            #[rate_limited($rate)]
            async fn of_one_macro_call() -> &'static str {
                $path
            }
            Router::new().route($path, get(of_one_macro_call))
        }))*
    };
}

#[tokio::test]
async fn handlers_that_one_macro_call_writes_have_budgets_of_their_own() {
    let service = Service::of(router!("/one" "1/minute" "/two" "2/minute"));
    let first = service.get("/one").await;
    assert_eq!((first.body.as_str(), first.rate_limit()), ("/one", r#""default";r=0;t=60"#));
    let other = service.get("/two").await;
    assert_eq!((other.body.as_str(), other.rate_limit()), ("/two", r#""default";r=1;t=30"#));
}

macro_rules! of_a_block {
    ($name:ident $body:block) => {
        #[rate_limited("2/minute", cost = one_of::<1>)]
        #[with_metrics]
        async fn $name() -> &'static str $body
    };
}

const fn one_of<const N: u32>(_: &tollgate::RequestFacts<'_>) -> u32 {
    N
}

of_a_block!(block { "a body in an invisible group" });

#[tokio::test]
async fn a_body_may_be_a_fragment_and_a_cost_a_generic_function() {
    let router = Router::new().route("/", get(block));
    let body = passes(router, || tollgate_tests::get("/"), site!(block)).await;
    assert_eq!(body, "a body in an invisible group");
}
