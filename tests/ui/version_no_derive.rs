//! An enum without the derive.

use tollgate::versioned;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    V1,
}

#[versioned(Version, since = V1)]
async fn handler() {}

fn main() {}
