//! Functions that are no conversions.

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

fn backwards(Old(one): Old) -> Option<New> {
    Some(New(one))
}

struct Bare(u8);

fn from_bare(Bare(one): Bare) -> Old {
    Old(one)
}

versions! { request = [handler], V2 = convert(request = backwards), holes = [V1] }
versions! { chain = [handler], V2 = convert(request = up), V1 = convert(request = up) }
versions! { bare = [handler], V2 = convert(response = from_bare), holes = [V1] }

fn main() {}
