//! `on_store_error` is one of three words.

use tollgate::rate_limited;

#[rate_limited("100/minute", on_store_error = opne)]
async fn misspelt() {}

#[rate_limited("100/minute", on_store_error = "closed")]
async fn text() {}

#[rate_limited("100/minute", on_store_error = OnStoreError::Local)]
async fn variant() {}

#[rate_limited("100/minute", on_store_error = panic)]
async fn unknown() {}

#[rate_limited("100/minute", on_store_error)]
async fn no_value() {}

fn main() {}
