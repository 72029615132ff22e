//! Items without a list, with the same handler twice, with themselves, and with words that nobody knows.

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

#[versioned(Version)]
async fn airport_v1() {}

versions! { first = [airport_v1, airport_v1] }
versions! { second = [] }
versions! { third = [third] }
versions! { fourth = airport_v1 }
versions! { fifth }
versions! { sixth = [airport_v1], hole = [V1] }
versions! { seventh = [airport_v1], holes = V1 }
versions! {}

fn main() {}
