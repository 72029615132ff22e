//! A version that is gone after no sunset.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1", deprecated = "2026-06-01", gone)]
    V1,
    #[version("v2", default)]
    V2,
}

fn main() {}
