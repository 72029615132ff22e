//! A name behind a key, and a second one.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version(name = "v1", default)]
    V1,
    #[version("v2", "v3")]
    V2,
}

fn main() {}
