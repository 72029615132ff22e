//! Holes that are no versions, or twice.

use tollgate::{ApiVersion, versioned, versions};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    #[version("v2", default)]
    V2,
    #[version("v3")]
    V3,
}

#[versioned(Version, since = V2)]
async fn airport_v2() {}

versions! { one = [airport_v2], holes = [V9] }
versions! { two = [airport_v2], holes = [V1, V1] }
versions! { three = [airport_v2], holes = [Version::V1] }

fn main() {}
