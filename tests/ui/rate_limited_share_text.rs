//! What is no name of a budget.

use tollgate::rate_limited;

#[rate_limited("100/minute", share = "")]
async fn empty() {}

#[rate_limited("100/minute", share = "  ")]
async fn blank() {}

#[rate_limited("100/minute", share = " logins")]
async fn blanks_around() {}

#[rate_limited("100/minute", share = "log\nins")]
async fn control() {}

#[rate_limited("100/minute", share = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
async fn long() {}

#[rate_limited("100/minute", share = logins)]
async fn word() {}

#[rate_limited("100/minute", share = 5)]
async fn number() {}

#[rate_limited("100/minute", share)]
async fn no_value() {}

fn main() {}
