//! Versions that are no enum, or an empty one.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
struct Version;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Nothing {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Generic<const N: usize> {
    #[version("v1", default)]
    V1,
}

fn main() {}
