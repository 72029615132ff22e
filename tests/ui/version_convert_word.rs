//! Words of a conversion that are misspelt or missing.

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

versions! { one = [handler], V2 = convert(respnse = down) }
versions! { two = [handler], V2 = convert() }
versions! { three = [handler], V2 = down }
versions! { four = [handler], V2 = convert(down) }
versions! { five = [handler], V2 = convert(response = "down") }
versions! { six = [handler], V2 = convert(response = down, response = down) }
versions! { seven = [handler], V9 = convert(response = down) }

fn main() {}
