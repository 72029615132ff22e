//! Handlers of two APIs.

use tollgate::{ApiVersion, versioned, versions};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    #[version("v2", default)]
    V2,
    #[version("v3")]
    V3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Other {
    #[version("1", default)]
    V1,
}

#[versioned(Other, only = V1)]
async fn airport_v1() {}

#[versioned(Version, since = V2)]
async fn airport_v2() {}

versions! { airport = [airport_v1, airport_v2] }

fn main() {}
