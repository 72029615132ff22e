//! A handler does not wait.

use tollgate::rate_limited;

#[rate_limited("100/minute", wait = "2s")]
async fn wait() {}

#[rate_limited("100/minute", max_wait = "2s")]
async fn max_wait() {}

fn main() {}
