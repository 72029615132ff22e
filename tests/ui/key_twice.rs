//! Two limits of one function that count by the same key.

use tollgate::rate_limited;

#[rate_limited("100/minute", key = global)]
#[rate_limited("5/second", key = global)]
async fn written() {}

#[rate_limited("5/second", key = ip)]
#[rate_limited("100/minute")]
async fn implicit() {}

#[rate_limited("5/second", key = header("X-Api-Key"))]
#[rate_limited("100/minute", key = header("x-api-key"))]
async fn in_another_case() {}

fn main() {}
