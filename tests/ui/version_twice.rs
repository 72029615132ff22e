//! Two ranges on one handler.

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
#[versioned(Version, only = V1)]
async fn handler() {}

fn main() {}
