//! A version in front of what is no handler.

use tollgate::versioned;

#[versioned(Version, since = V2)]
struct Airport;

fn main() {}
