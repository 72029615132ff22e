//! A key that there is not.

use tollgate::rate_limited;

#[rate_limited("100/minute", key = ipp)]
async fn misspelt() {}

#[rate_limited("100/minute", key = principal)]
async fn not_yet() {}

#[rate_limited("100/minute", key = "ip")]
async fn text() {}

#[rate_limited("100/minute", key = Header("x-api-key"))]
async fn capital() {}

#[rate_limited("100/minute", key = ip())]
async fn called() {}

#[rate_limited("100/minute", key = |facts| facts.client())]
async fn closure() {}

#[rate_limited("100/minute", key = [ip, global])]
async fn list() {}

fn main() {}
