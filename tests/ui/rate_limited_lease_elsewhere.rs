//! What other libraries call a lease.

use tollgate::rate_limited;

#[rate_limited("100/minute", batch = 10)]
async fn batch() {}

#[rate_limited("100/minute", prefetch = 10)]
async fn prefetch() {}

#[rate_limited("100/minute", batch_size = 1)]
async fn batch_size() {}

#[rate_limited("100/minute", leese = 10)]
async fn misspelt() {}

fn main() {}
