//! What is decided together is not taken in blocks.

use tollgate::rate_limited;

#[rate_limited("100/minute", lease = 10)]
#[rate_limited("1000/minute", key = global)]
async fn at_the_door() {}

#[rate_limited("100/minute", key = principal, lease = 10)]
#[rate_limited("1000/minute", key = (principal, header("x-tenant")), lease = 20)]
async fn behind() {}

#[rate_limited("100/minute", lease = 10)]
#[rate_limited("1000/minute", key = principal, lease = 20)]
async fn apart() {}

fn main() {}
