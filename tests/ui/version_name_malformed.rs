//! Names that are no versions.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("first")]
    V1,
    #[version("2.x", default)]
    V2,
    #[version(v3)]
    V3,
    #[version("2026-02-29")]
    V4,
}

fn main() {}
