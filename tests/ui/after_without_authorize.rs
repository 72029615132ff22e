//! A limit stands behind what is there.

use tollgate::{authorize, rate_limited, with_metrics};

#[rate_limited("100/minute", after = authorize)]
async fn alone() {}

#[with_metrics]
#[rate_limited("100/minute", key = global, after = authorize)]
#[rate_limited("5/second", key = principal)]
async fn with_others() {}

#[authorize(role = "")]
#[rate_limited("100/minute", after = authorize)]
async fn with_errors_of_its_own() {}

fn main() {}
