//! Versions that stand in another order, or twice.

use tollgate::ApiVersion;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v10")]
    V10,
    #[version("v9")]
    V9,
    #[version("9.0", default)]
    Nine,
}

fn main() {}
