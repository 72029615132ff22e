//! An item of `versions!` answers every version, or says which it does not: told when a service starts.

#![allow(clippy::unwrap_used, clippy::panic)] // clippy knows tests by `#[test]`, and handlers and helpers have none

use axum::routing::get;
use tollgate::{ApiVersion, Tollgate, versioned, versions};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    #[version("v2")]
    V2,
    #[version("v3", default)]
    V3,
}

#[versioned(Version, only = V2)]
async fn second() {}

#[versioned(Version, since = V3)]
async fn third() {}

versions! { incomplete = [second, third] }
versions! { honest = [second, third], holes = [V1] }
versions! { too_modest = [second, third], holes = [V1, V2] }

#[test]
fn an_item_that_leaves_a_version_out_without_saying_so_does_not_start() {
    let _: axum::Router = axum::Router::new()
        .route("/1", get(incomplete))
        .route("/2", get(honest))
        .route("/3", get(too_modest));
    let error = Tollgate::builder().build().unwrap_err().to_string();
    assert_eq!(error.matches("versions_coverage").count(), 4, "{error}");
    assert!(
        error.contains("incomplete` (")
            && error.contains(
                "answers nobody who asks for v1: add a handler for it, or say so by `holes = [..]`"
            ),
        "{error}"
    );
    assert!(
        error.contains("too_modest` (")
            && error.contains("says that it does not answer v2, and a handler does"),
        "{error}"
    );
    assert!(!error.contains("honest"), "{error}");
}
