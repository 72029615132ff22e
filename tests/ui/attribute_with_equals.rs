//! Arguments behind `=`: below another attribute of ours it is ours to say what is wrong.

use tollgate::{rate_limited, with_metrics};

#[rate_limited = "100/minute"]
async fn alone() {}

#[with_metrics]
#[rate_limited = "100/minute"]
async fn below() {}

fn main() {}
