//! `crate` takes a path, and a function has one.

use tollgate::{rate_limited, with_metrics};

#[with_metrics(crate = "tollgate")]
async fn text() {}

#[with_metrics(crate = tollgate)]
#[rate_limited("100/minute", crate = other)]
async fn two_paths() {}

fn main() {}
