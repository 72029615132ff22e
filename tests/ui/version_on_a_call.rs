//! A version in front of a function that other code calls.

use tollgate::call;

#[call::versioned(Version, since = V2)]
async fn fetch() {}

fn main() {}
