//! Another spelling of `key = value`.

use tollgate::rate_limited;

#[rate_limited("100/minute", burst(200))]
async fn parentheses() {}

#[rate_limited("100/minute", key(ip, global))]
async fn parentheses_of_two() {}

#[rate_limited("100/minute", by(ip))]
async fn parentheses_of_another_library() {}

#[rate_limited("100/minute", key: ip)]
async fn colon() {}

#[rate_limited("100/minute", header("x-api-key"))]
async fn key_left_out() {}

#[rate_limited("100/minute", ip)]
async fn key_left_out_of_a_word() {}

#[rate_limited("100/minute" burst = 200)]
async fn comma_forgotten() {}

fn main() {}
