//! A cost that no request can pay, or that is no cost.

use tollgate::rate_limited;

#[rate_limited("100/minute", cost = 101)]
async fn above_the_quota() {}

#[rate_limited("100/minute", burst = 5, cost = 6)]
async fn above_the_burst() {}

#[rate_limited("10/second", "1000/hour", cost = 20)]
async fn above_one_of_the_quotas() {}

#[rate_limited("100/minute", cost = 0)]
async fn zero() {}

#[rate_limited("100/minute", cost = "5")]
async fn text() {}

#[rate_limited("100/minute", cost = |facts| 5)]
async fn closure() {}

#[rate_limited("100/minute", cost = |facts, more| 5)]
async fn closure_of_two() {}

#[rate_limited("100/minute", weight = 101)]
async fn under_another_word() {}

fn main() {}
