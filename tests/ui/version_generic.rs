//! A handler with parameters.

use tollgate::{ApiVersion, versioned};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    #[version("v2", default)]
    V2,
    #[version("v3")]
    V3,
}

#[versioned(Version, since = V2)]
async fn generic<T: Send>(argument: axum::Extension<T>) {
    let _ = argument;
}

#[versioned(Version, since = V2)]
async fn hidden(argument: impl axum::extract::FromRequestParts<()> + Send + 'static) {
    let _ = argument;
}

fn main() {}
