//! A version without a name.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    V2,
    #[version(preview)]
    Next,
}

fn main() {}
