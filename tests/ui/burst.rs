//! A burst that is no number of requests, or that belongs to no rate.

use tollgate::rate_limited;

#[rate_limited("100/minute", burst = 0)]
async fn zero() {}

#[rate_limited("100/minute", burst = "200")]
async fn text() {}

#[rate_limited("100/minute", burst = -1)]
async fn negative() {}

#[rate_limited("100/minute", burst = 5000000000)]
async fn too_large() {}

#[rate_limited("100/minute", "1000/hour", burst = 200)]
async fn several_rates() {}

const BURST: u32 = 200;

#[rate_limited("100/minute", burst = BURST)]
async fn constant() {}

#[rate_limited("1/366d", burst = 4000000000)]
async fn longer_than_a_century() {}

fn main() {}
