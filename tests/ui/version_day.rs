//! Days that there are not.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1", deprecated = "2026-02-29", sunset = "soon")]
    V1,
    #[version("v2", deprecated = 2026, default)]
    V2,
}

fn main() {}
