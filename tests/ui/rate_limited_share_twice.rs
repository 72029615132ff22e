//! Two limits of one function that share one budget.

use tollgate::rate_limited;

#[rate_limited("100/minute", share = "search")]
#[rate_limited("1000/minute", key = global, share = "search")]
async fn search() {}

fn main() {}
