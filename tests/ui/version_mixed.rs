//! Numbers beside days.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    #[version("2026-01-01", default)]
    V2,
}

fn main() {}
