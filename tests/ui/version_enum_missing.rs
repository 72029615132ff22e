//! `versioned` without its enum.

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

#[versioned]
async fn nothing() {}

#[versioned(since = V2)]
async fn range_alone() {}

#[versioned("v2")]
async fn text() {}

#[versioned(Version, Version)]
async fn twice() {}

fn main() {}
