//! `header` takes the name of one field.

use tollgate::rate_limited;

#[rate_limited("100/minute", key = header("bad name"))]
async fn not_a_name() {}

#[rate_limited("100/minute", key = header(""))]
async fn empty() {}

#[rate_limited("100/minute", key = header)]
async fn missing() {}

#[rate_limited("100/minute", key = header())]
async fn nothing() {}

#[rate_limited("100/minute", key = header(x_api_key))]
async fn word() {}

#[rate_limited("100/minute", key = header("x-api-key", "x-tenant"))]
async fn two() {}

#[rate_limited("100/minute", key = header = "x-api-key")]
async fn equals() {}

fn main() {}
