//! One is enough.

use tollgate::with_metrics;

#[with_metrics]
#[with_metrics]
async fn handler() {}

fn main() {}
