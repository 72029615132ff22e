//! Variants that are none.

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

#[versioned(Version, since = V4)]
async fn unknown() {}

#[versioned(Version, since = Version::V2)]
async fn path() {}

#[versioned(Version, only = "v2")]
async fn text() {}

#[versioned(Version, only)]
async fn nothing() {}

fn main() {}
