//! A handler of an item that says no version, and one that is none.

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

#[tollgate::with_metrics]
async fn airport_v1() {}

#[versioned(Version, since = V2)]
async fn airport_v2() {}

versions! { airport = [airport_v1, airport_v2] }

fn main() {}
