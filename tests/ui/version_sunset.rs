//! A sunset before the deprecation.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1", deprecated = "2026-06-01", sunset = "2026-05-31")]
    V1,
    #[version("v2", default)]
    V2,
}

fn main() {}
