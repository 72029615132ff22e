//! Two defaults.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1", default)]
    V1,
    #[version("v2", default)]
    V2,
}

fn main() {}
