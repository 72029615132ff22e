//! Every order of attributes is one and the same handler: same answers, same document, same counts.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::support::guarded;
use crate::trace;

/// An error that documents itself.
#[derive(Debug, utoipa::IntoResponses)]
#[response(status = NOT_FOUND, description = "there is none")]
struct Missing;

impl IntoResponse for Missing {
    fn into_response(self) -> Response {
        (StatusCode::NOT_FOUND, "there is none").into_response()
    }
}

/// One order of attributes.
struct Order {
    name: &'static str,
    site: &'static str,
    router: fn() -> OpenApiRouter,
    derived: fn() -> Document,
}

/// A letter is an attribute: our own `R`ate limit and `M`etrics, `U`toipa's path, `I`nstrument, `D`ebug handler. `C`
/// holds those that follow in a `cfg_attr` that is on, `O` in one that is off; `On` is a `cfg`, and `Y` is utoipa's
/// path under another name.
macro_rules! handler {
    ([$($done:tt)*] R $($rest:tt)*) => {
        handler! { [$($done)* #[tollgate::rate_limited("2/minute")]] $($rest)* }
    };
    ([$($done:tt)*] M $($rest:tt)*) => {
        handler! { [$($done)* #[tollgate::with_metrics]] $($rest)* }
    };
    ([$($done:tt)*] U $($rest:tt)*) => {
        handler! { [$($done)* #[utoipa::path(get, path = "/{id}", responses((status = 200, body = String)))]] $($rest)* }
    };
    ([$($done:tt)*] Y $($rest:tt)*) => {
        handler! { [$($done)* #[openapi(get, path = "/{id}", responses((status = 200, body = String)))]] $($rest)* }
    };
    ([$($done:tt)*] I $($rest:tt)*) => {
        handler! { [$($done)* #[tracing::instrument(name = "instrumented", skip_all)]] $($rest)* }
    };
    ([$($done:tt)*] D $($rest:tt)*) => {
        handler! { [$($done)* #[axum::debug_handler]] $($rest)* }
    };
    ([$($done:tt)*] Cr $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(all(), tollgate::rate_limited("2/minute"))]] $($rest)* }
    };
    ([$($done:tt)*] Cm $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(all(), tollgate::with_metrics)]] $($rest)* }
    };
    ([$($done:tt)*] Cu $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(all(), utoipa::path(get, path = "/{id}", responses((status = 200, body = String))))]] $($rest)* }
    };
    ([$($done:tt)*] Cy $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(all(), openapi(get, path = "/{id}", responses((status = 200, body = String))))]] $($rest)* }
    };
    ([$($done:tt)*] Crm $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(all(), tollgate::rate_limited("2/minute"), tollgate::with_metrics)]] $($rest)* }
    };
    ([$($done:tt)*] Cmu $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(
            all(),
            tollgate::with_metrics,
            utoipa::path(get, path = "/{id}", responses((status = 200, body = String)))
        )]] $($rest)* }
    };
    ([$($done:tt)*] Cum $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(
            all(),
            utoipa::path(get, path = "/{id}", responses((status = 200, body = String))),
            tollgate::with_metrics,
        )]] $($rest)* }
    };
    ([$($done:tt)*] Call $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(
            all(),
            tollgate::rate_limited("2/minute"),
            cfg_attr(all(), utoipa::path(get, path = "/{id}", responses((status = 200, body = String)))),
            tollgate::with_metrics,
        )]] $($rest)* }
    };
    ([$($done:tt)*] Or $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(any(), tollgate::rate_limited("1/minute"))]] $($rest)* }
    };
    ([$($done:tt)*] Om $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(any(), tollgate::with_metrics)]] $($rest)* }
    };
    ([$($done:tt)*] Ou $($rest:tt)*) => {
        handler! { [$($done)* #[cfg_attr(any(), utoipa::path(post, path = "/elsewhere"))]] $($rest)* }
    };
    ([$($done:tt)*] On $($rest:tt)*) => {
        handler! { [$($done)* #[cfg(test)]] $($rest)* }
    };
    ([$($done:tt)*]) => {
        $($done)*
        pub(super) async fn ordered(Path(id): Path<u32>) -> Result<String, Missing> {
            tracing::info!("called");
            if id == 0 { Err(Missing) } else { Ok(id.to_string()) }
        }
    };
}

macro_rules! orders {
    ($list:ident: $($name:ident: $($letter:ident)+;)+) => {
        $(
            mod $name {
                #[allow(unused_imports)]
                use utoipa::path as openapi;

                use super::*;

                handler! { [] $($letter)+ }

                pub(super) fn router() -> OpenApiRouter {
                    OpenApiRouter::new().routes(routes!(ordered))
                }

                #[derive(OpenApi)]
                #[openapi(paths(ordered))]
                pub(super) struct Derived;
            }
        )+

        const $list: &[Order] = &[$(
            Order {
                name: stringify!($($letter)+),
                site: concat!(module_path!(), "::", stringify!($name), "::ordered"),
                router: $name::router,
                derived: $name::Derived::openapi,
            },
        )+];
    };
}

orders! { PLAIN:
    r_m_u_i: R M U I; r_m_i_u: R M I U; r_u_m_i: R U M I; r_u_i_m: R U I M;
    r_i_m_u: R I M U; r_i_u_m: R I U M; m_r_u_i: M R U I; m_r_i_u: M R I U;
    m_u_r_i: M U R I; m_u_i_r: M U I R; m_i_r_u: M I R U; m_i_u_r: M I U R;
    u_r_m_i: U R M I; u_r_i_m: U R I M; u_m_r_i: U M R I; u_m_i_r: U M I R;
    u_i_r_m: U I R M; u_i_m_r: U I M R; i_r_m_u: I R M U; i_r_u_m: I R U M;
    i_m_r_u: I M R U; i_m_u_r: I M U R; i_u_r_m: I U R M; i_u_m_r: I U M R;
}

orders! { ONE_ABOVE_A_DEBUG_HANDLER:
    r_m_u_i_d: R M U I D; r_m_u_d_i: R M U D I; r_m_i_u_d: R M I U D;
    r_m_i_d_u: R M I D U; r_m_d_u_i: R M D U I; r_m_d_i_u: R M D I U;
    r_u_m_i_d: R U M I D; r_u_m_d_i: R U M D I; r_u_i_m_d: R U I M D;
    r_i_m_u_d: R I M U D; r_i_m_d_u: R I M D U; r_i_u_m_d: R I U M D;
    m_r_u_i_d: M R U I D; m_r_u_d_i: M R U D I; m_r_i_u_d: M R I U D;
    m_r_i_d_u: M R I D U; m_r_d_u_i: M R D U I; m_r_d_i_u: M R D I U;
    m_u_r_i_d: M U R I D; m_u_r_d_i: M U R D I; m_u_i_r_d: M U I R D;
    m_i_r_u_d: M I R U D; m_i_r_d_u: M I R D U; m_i_u_r_d: M I U R D;
    u_r_m_i_d: U R M I D; u_r_m_d_i: U R M D I; u_r_i_m_d: U R I M D;
    u_m_r_i_d: U M R I D; u_m_r_d_i: U M R D I; u_m_i_r_d: U M I R D;
    u_i_r_m_d: U I R M D; u_i_m_r_d: U I M R D; i_r_m_u_d: I R M U D;
    i_r_m_d_u: I R M D U; i_r_u_m_d: I R U M D; i_m_r_u_d: I M R U D;
    i_m_r_d_u: I M R D U; i_m_u_r_d: I M U R D; i_u_r_m_d: I U R M D;
    i_u_m_r_d: I U M R D; r_d_m_u: R D M U; m_d_u_r_i: M D U R I;
    u_i_r_d_m: U I R D M; r_d_cm_u: R D Cm U;
}

orders! { CONFIGURED_OR_RENAMED:
    cr_m_u_i: Cr M U I; m_cr_u: M Cr U; u_m_cr: U M Cr;
    u_cr_m_i: U Cr M I; m_u_cr: M U Cr; cr_u_m: Cr U M;
    cm_r_u: Cm R U; r_cm_u: R Cm U; r_u_cm: R U Cm;
    u_cm_i_r: U Cm I R; u_r_cm: U R Cm; cm_u_r: Cm U R;
    cr_cm_cu: Cr Cm Cu; cu_cr_cm: Cu Cr Cm; cm_i_cu_cr: Cm I Cu Cr;
    crm_u: Crm U; u_crm: U Crm; crm_cu_i: Crm Cu I;
    r_m_cu: R M Cu; cu_r_m: Cu R M; r_cu_i_m: R Cu I M;
    m_cu_r: M Cu R; cmu_r: Cmu R; r_cmu: R Cmu;
    cum_r: Cum R; r_i_cum: R I Cum; call: Call;
    i_call: I Call; r_or_m_u: R Or M U; or_r_m_u: Or R M U;
    u_r_m_or: U R M Or; r_m_om_u_i: R M Om U I; om_m_r_u: Om M R U;
    u_r_om_m: U R Om M; r_m_ou_u: R M Ou U; ou_u_r_m: Ou U R M;
    u_r_ou_m: U R Ou M; on_r_m_u: On R M U; r_on_m_u: R On M U;
    r_m_u_on: R M U On; u_on_r_m_i: U On R M I; cr_on_cm_u: Cr On Cm U;
    r_m_y: R M Y; y_r_m: Y R M; r_y_m: R Y M;
    m_i_y_r: M I Y R; r_m_cy: R M Cy; cy_m_r: Cy M R;
    cr_cm_cu_d: Cr Cm Cu D; r_cm_d_i_u: R Cm D I U; cu_crm_d: Cu Crm D;
    cm_r_y_d: Cm R Y D;
}

fn all() -> impl Iterator<Item = &'static Order> {
    PLAIN.iter().chain(ONE_ABOVE_A_DEBUG_HANDLER).chain(CONFIGURED_OR_RENAMED)
}

/// The one operation of a document without the mark of its site, which is another one for each, and without the empty
/// list of tags by which utoipa's two macros differ.
fn operation(document: &Document) -> Value {
    let mut operation = serde_json::to_value(document).unwrap()["paths"]["/{id}"]["get"].take();
    let members = operation.as_object_mut().unwrap();
    assert!(members.remove("x-tollgate-site").is_some(), "{members:?}");
    members.retain(|name, value| name != "tags" || *value != json!([]));
    operation
}

#[tokio::test]
async fn every_order_answers_and_counts_the_same() {
    trace::remember();
    for order in all() {
        let router = || axum::Router::from((order.router)());
        let answer = guarded(router(), || tollgate_tests::get("/7"), order.site).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "7"), "{}", order.name);
        let answer = guarded(router(), || tollgate_tests::get("/0"), order.site).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", order.name);
        let answer = guarded(router(), || tollgate_tests::get("/x"), order.site).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", order.name);
    }
}

#[test]
fn every_order_has_the_same_document() {
    let expected = operation(&(PLAIN[0].router)().to_openapi());
    for status in ["200", "404", "429"] {
        assert!(expected["responses"][status]["headers"]["RateLimit"].is_object(), "{expected:#}");
    }
    for order in all() {
        assert_eq!(operation(&(order.router)().to_openapi()), expected, "routes! of {}", order.name);
        assert_eq!(operation(&(order.derived)()), expected, "derive(OpenApi) of {}", order.name);
    }
}

#[tokio::test]
async fn the_span_is_that_of_the_function_in_every_order() {
    for order in all() {
        trace::remember();
        let router = axum::Router::from((order.router)());
        guarded(router, || tollgate_tests::get("/7"), order.site).await;
        let name = if order.name.contains('I') { "instrumented" } else { "no span" };
        assert_eq!(trace::around_events(), [name; 2], "{}", order.name);
    }
}
