//! A version that holds something.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1(u8),
    #[version("v2", default)]
    V2,
}

fn main() {}
