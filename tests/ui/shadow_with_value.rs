//! `shadow` stands alone.

use tollgate::rate_limited;

#[rate_limited("100/minute", shadow = true)]
async fn set() {}

#[rate_limited("100/minute", shadow = false)]
async fn unset() {}

fn main() {}
