//! What other libraries do while their store is away.

use tollgate::rate_limited;

#[rate_limited("100/minute", on_store_error = fail_open)]
async fn fail_open() {}

#[rate_limited("100/minute", on_store_error = allow)]
async fn allow() {}

#[rate_limited("100/minute", on_store_error = deny)]
async fn deny() {}

#[rate_limited("100/minute", on_store_error = memory)]
async fn memory() {}

#[rate_limited("100/minute", on_store_error = fallback)]
async fn fallback() {}

#[rate_limited("100/minute", on_store_error = fail_closed)]
async fn fail_closed() {}

#[rate_limited("100/minute", on_store_error = reject)]
async fn reject() {}

#[rate_limited("100/minute", on_store_error = "fail-open")]
async fn text() {}

fn main() {}
