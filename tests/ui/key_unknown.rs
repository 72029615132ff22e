//! A key that there is not.

use tollgate::rate_limited;

#[rate_limited("100/minute", key = ipp)]
async fn misspelt() {}

#[rate_limited("100/minute", key = principle)]
async fn misspelt_principal() {}

#[rate_limited("100/minute", key = colour)]
async fn unknown() {}

#[rate_limited("100/minute", key = "ip")]
async fn text() {}

#[rate_limited("100/minute", key = "x-tenant")]
async fn text_of_a_field() {}

#[rate_limited("100/minute", key = "{tenant}")]
async fn text_of_something_else() {}

#[rate_limited("100/minute", key = Header("x-api-key"))]
async fn capital() {}

#[rate_limited("100/minute", key = ip())]
async fn called() {}

#[rate_limited("100/minute", key = |facts| facts.client())]
async fn closure() {}

#[rate_limited("100/minute", key = [ip, global])]
async fn list() {}

fn main() {}
