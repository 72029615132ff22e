//! Steps that are missing, or stand in another order.

use tollgate::extract::Json;
use tollgate::{ApiVersion, versioned, versions};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    #[version("v2")]
    V2,
    #[version("v3", default)]
    V3,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Old(u8);

#[derive(serde::Serialize, serde::Deserialize)]
struct New(u8);

fn up(Old(one): Old) -> Result<New, String> {
    Ok(New(one))
}

fn down(New(one): New) -> Old {
    Old(one)
}

#[versioned(Version, since = V3)]
async fn handler(Json(one): Json<New>) -> Json<New> {
    Json(one)
}

versions! { missing = [handler], V1 = convert(response = down), holes = [V2] }
versions! { order = [handler], V1 = convert(response = down), V2 = convert(response = down) }
versions! { answered = [handler], V3 = convert(response = down), holes = [V1, V2] }
versions! { twice = [handler], V2 = convert(response = down), V2 = convert(response = down), holes = [V1] }
versions! { hole = [handler], V2 = convert(response = down), holes = [V1, V2] }

fn main() {}
