//! `crate` names a path at which nothing is.

use tollgate::with_metrics;

#[with_metrics(crate = my_facade::tollgate)]
async fn handler() {}

fn main() {}
