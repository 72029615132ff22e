//! Where the runtime is found, and what stands around an error.

use thiserror::Error;

use crate::answer_of;

/// As a crate of the user's that hands tollgate on.
mod facade {
    pub(crate) use tollgate as gate;
}

#[derive(Debug, Error, facade::gate::ApiError)]
#[api_error(crate = crate::places::facade::gate)]
enum Elsewhere {
    #[error("elsewhere")]
    #[api_error(status = 404, code = "elsewhere", extension(text = 0))]
    One(&'static str),
}

#[derive(Debug, Error, tollgate::ApiError)]
#[error("a struct elsewhere")]
#[api_error(status = 404, code = "struct_elsewhere", crate = facade::gate)]
struct Alone;

#[tokio::test]
async fn the_runtime_may_be_another_crates() {
    assert_eq!(answer_of(|| Elsewhere::One("a")).await.json()["text"], "a");
    assert_eq!(answer_of(|| Alone).await.json()["code"], "struct_elsewhere");
}

/// Names that the expansion must not take for its own.
#[allow(dead_code, non_camel_case_types, clippy::items_after_statements)]
mod taken {
    pub(super) struct Vec;
    pub(super) struct Problem;
    pub(super) struct Response;
    pub(super) enum Option {}
    pub(super) mod core {}
    pub(super) mod std {}
    pub(super) mod tollgate {}
    pub(super) const KINDS: u8 = 0;

    #[derive(Debug, thiserror::Error, ::tollgate::ApiError)]
    pub(super) enum Failure {
        #[error("one")]
        #[api_error(status = 404, code = "taken", extension(error))]
        One { error: u8 },
    }
}

#[tokio::test]
async fn names_around_an_error_are_left_alone() {
    assert_eq!(answer_of(|| taken::Failure::One { error: 7 }).await.json()["error"], 7);
}
