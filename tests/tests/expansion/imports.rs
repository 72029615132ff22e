//! Every way of naming our attributes. All of it compiles without a warning, so no import counts as unused.

#![deny(warnings)]

use axum::Router;
use axum::routing::get;
use tollgate_tests::site;

use crate::support::passes;

mod path {
    #[tollgate::rate_limited("2/minute")]
    #[tollgate::with_metrics]
    pub(super) async fn handler() {}
}

mod absolute_path {
    #[::tollgate::with_metrics]
    #[::tollgate::rate_limited("2/minute")]
    pub(super) async fn handler() {}
}

mod alias_of_the_crate {
    use tollgate as tg;

    #[tg::rate_limited("2/minute")]
    #[tg::with_metrics]
    pub(super) async fn handler() {}
}

mod extern_crate {
    extern crate tollgate as gates;

    #[self::gates::rate_limited("2/minute")]
    #[self::gates::with_metrics]
    pub(super) async fn handler() {}
}

mod own_module {
    use tollgate::{rate_limited, with_metrics};

    #[self::rate_limited("2/minute")]
    #[self::with_metrics]
    pub(super) async fn handler() {}
}

mod parent {
    use tollgate::rate_limited;

    pub(super) mod child {
        #[super::rate_limited("2/minute")]
        #[super::super::prelude::with_metrics]
        pub(in super::super) async fn handler() {}
    }
}

mod prelude {
    pub(super) use tollgate::{rate_limited, with_metrics};

    pub(super) mod policies {
        pub(in super::super) use tollgate::*;
    }
}

mod crate_path {
    #[crate::imports::prelude::rate_limited("2/minute")]
    #[crate::imports::prelude::policies::with_metrics]
    pub(super) async fn handler() {}
}

mod glob_of_a_prelude {
    use super::prelude::*;

    #[rate_limited("2/minute")]
    #[with_metrics]
    pub(super) async fn handler() {}
}

mod nested_glob {
    use super::prelude::policies::*;

    #[with_metrics]
    #[rate_limited("2/minute")]
    pub(super) async fn handler() {}
}

mod only_the_absorbed_is_imported {
    use tollgate::with_metrics;

    #[tollgate::rate_limited("2/minute")]
    #[with_metrics]
    pub(super) async fn handler() {}
}

mod only_the_absorbed_is_imported_from_a_prelude {
    use super::prelude::rate_limited;

    #[tollgate::with_metrics]
    #[rate_limited("2/minute")]
    pub(super) async fn handler() {}
}

mod only_one_held_by_cfg_attr_is_imported {
    use tollgate::{rate_limited, with_metrics};

    #[tollgate::rate_limited("9/minute", key = global)]
    #[cfg_attr(all(), with_metrics)]
    #[cfg_attr(all(), rate_limited("2/minute"))]
    pub(super) async fn not_asked() {}

    #[tollgate::with_metrics]
    #[cfg_attr(all(), rate_limited("2/minute"))]
    pub(super) async fn handler() {}
}

mod the_first_is_renamed {
    use tollgate::{rate_limited as limited, with_metrics};

    #[limited("2/minute")]
    #[with_metrics]
    pub(super) async fn handler() {}
}

mod the_first_is_renamed_and_alone {
    use tollgate::with_metrics as measured;

    #[measured]
    #[tollgate::rate_limited("2/minute")]
    pub(super) async fn handler() {}
}

mod all_names_begin_with_a_raw_prefix {
    use tollgate::{r#rate_limited, r#with_metrics};

    #[r#rate_limited("2/minute")]
    #[r#with_metrics]
    pub(super) async fn handler() {}
}

mod facade {
    pub(super) use ::tollgate;
    pub(super) use tollgate::rate_limited;
}

mod reexported_crate {
    use super::facade;

    #[facade::tollgate::rate_limited("2/minute", crate = facade::tollgate)]
    #[facade::tollgate::with_metrics]
    pub(super) async fn handler() {}
}

mod reexported_crate_named_by_the_second {
    #[super::facade::rate_limited("2/minute")]
    #[super::facade::tollgate::with_metrics(crate = crate::imports::facade::tollgate)]
    pub(super) async fn handler() {}
}

mod reexported_crate_named_by_both_and_postponed {
    use super::facade;

    #[facade::rate_limited("2/minute", crate = facade::tollgate)]
    #[cfg(test)]
    #[facade::tollgate::with_metrics(crate = facade::tollgate)]
    pub(super) async fn handler() {}
}

#[tokio::test]
async fn however_they_are_named_they_are_found() {
    macro_rules! assert_found {
        ($($($module:ident)::+;)*) => { $(
            let router = Router::new().route("/", get($($module::)+handler));
            let site = concat!(module_path!(), $("::", stringify!($module),)+ "::handler");
            passes(router, || tollgate_tests::get("/"), site).await;
        )* };
    }
    assert_found! {
        path;
        absolute_path;
        alias_of_the_crate;
        extern_crate;
        own_module;
        parent::child;
        crate_path;
        glob_of_a_prelude;
        nested_glob;
        only_the_absorbed_is_imported;
        only_the_absorbed_is_imported_from_a_prelude;
        only_one_held_by_cfg_attr_is_imported;
        the_first_is_renamed;
        the_first_is_renamed_and_alone;
        all_names_begin_with_a_raw_prefix;
        reexported_crate;
        reexported_crate_named_by_the_second;
        reexported_crate_named_by_both_and_postponed;
    }
    let _ = only_one_held_by_cfg_attr_is_imported::not_asked;
}

fn imported_within() -> Router {
    use tollgate::rate_limited as limited;
    use tollgate::with_metrics;

    #[limited("2/minute")]
    #[with_metrics]
    async fn within_a_body() {}

    Router::new().route("/", get(within_a_body))
}

#[tokio::test]
async fn they_are_imported_within_a_function_body() {
    passes(imported_within(), || tollgate_tests::get("/"), site!(within_a_body)).await;
}

#[tokio::test]
async fn they_are_imported_within_a_block() {
    let router = {
        use super::imports::facade;

        #[facade::tollgate::with_metrics(crate = facade::tollgate)]
        #[facade::rate_limited("2/minute")]
        async fn within_a_block() {}

        Router::new().route("/", get(within_a_block))
    };
    passes(router, || tollgate_tests::get("/"), site!(within_a_block)).await;
}
