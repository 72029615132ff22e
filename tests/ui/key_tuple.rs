//! A tuple of keys has at least two, each of them a key.

use tollgate::rate_limited;

#[rate_limited("100/minute", key = (ip,))]
async fn of_one() {}

#[rate_limited("100/minute", key = (ip))]
async fn parentheses() {}

#[rate_limited("100/minute", key = ())]
async fn of_none() {}

#[rate_limited("100/minute", key = (ipp, header))]
async fn of_two_errors() {}

#[rate_limited("100/minute", key = (ip, ip))]
async fn of_the_same() {}

#[rate_limited("100/minute", key = (principal, principal))]
async fn of_the_same_principal() {}

#[rate_limited("100/minute", key = ((header("x-tenant")), ip))]
async fn parentheses_within() {}

fn main() {}
