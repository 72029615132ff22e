//! Words that are misspelt, or other libraries'.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
#[version(requird)]
enum Version {
    #[version("v1", deprecatd = "2026-01-01", removed = "2026-12-31")]
    V1,
    #[version("v2", default = true, status = "beta")]
    V2,
}

fn main() {}
