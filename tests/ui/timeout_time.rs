//! The time stands first, as a text with its unit.

use tollgate::timeout;

#[timeout]
async fn unsaid() {}

#[timeout(name = "slow")]
async fn named() {}

#[timeout(2)]
async fn number() {}

#[timeout(2s)]
async fn without_quotes() {}

#[timeout(Duration::from_secs(2))]
async fn expression() {}

#[timeout("0s")]
async fn none() {}

#[timeout("2")]
async fn without_unit() {}

#[timeout("2 parsecs")]
async fn other_unit() {}

#[timeout("2h")]
async fn too_long() {}

#[timeout("0.5s")]
async fn in_parts() {}

#[timeout("1s", "5s")]
async fn two() {}

#[timeout = "2s"]
async fn with_equals() {}

fn main() {}
