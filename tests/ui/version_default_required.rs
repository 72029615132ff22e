//! A default that is never used.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
#[version(required)]
enum Version {
    #[version("v1")]
    V1,
    #[version("v2", default)]
    V2,
}

fn main() {}
