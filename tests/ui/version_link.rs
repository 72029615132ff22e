//! Links that are none.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1", link = "example.com/v1")]
    V1,
    #[version("v2", link = "https://example.com/a b", default)]
    V2,
}

fn main() {}
