//! The other derives that a version needs.

use tollgate::ApiVersion;

#[derive(ApiVersion)]
enum Version {
    #[version("v1", default)]
    V1,
}

fn main() {}
