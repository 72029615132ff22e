//! `crate` names a path at which nothing is.

use tollgate::ApiError;

#[derive(Debug, thiserror::Error, ApiError)]
#[error("gone")]
#[api_error(status = 410, code = "gone", crate = my_facade::tollgate)]
struct Gone;

fn main() {}
