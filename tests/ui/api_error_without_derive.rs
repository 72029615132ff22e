//! The attribute stands where nothing is derived.

use tollgate as _;

#[derive(Debug, thiserror::Error)]
#[error("gone")]
#[api_error(status = 410, code = "gone")]
struct Gone;

fn main() {}
