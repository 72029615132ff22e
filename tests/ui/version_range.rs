//! Ranges that answer nothing, or two things.

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

#[versioned(Version, since = V2, before = V2)]
async fn empty() {}

#[versioned(Version, only = V2, since = V2)]
async fn both() {}

#[versioned(Version, since = V3, before = V1)]
async fn backwards() {}

#[versioned(Version, since = V1, since = V2)]
async fn again() {}

fn main() {}
