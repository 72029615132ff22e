//! What other libraries call a store that is away.

use tollgate::rate_limited;

#[rate_limited("100/minute", fail_open = true)]
async fn fail_open() {}

#[rate_limited("100/minute", fail_closed)]
async fn fail_closed() {}

#[rate_limited("100/minute", on_error = open)]
async fn on_error() {}

#[rate_limited("100/minute", fallback = memory)]
async fn fallback() {}

#[rate_limited("100/minute", in_memory_fallback = true)]
async fn in_memory_fallback() {}

#[rate_limited("100/minute", swallow_errors)]
async fn swallow_errors() {}

fn main() {}
