//! Words that are misspelt, or other libraries'.

use tollgate::{ApiVersion, versioned};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ApiVersion)]
enum Version {
    #[version("v1")]
    V1,
    #[version("v2", default)]
    V2,
    #[version("v3")]
    V3,
}

#[versioned(Version, sinse = V2)]
async fn misspelt() {}

#[versioned(Version, from = V2, until = V3)]
async fn foreign() {}

#[versioned(Version, deprecated = "2026-01-01")]
async fn elsewhere() {}

fn main() {}
