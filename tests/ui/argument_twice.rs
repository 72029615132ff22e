//! One key given twice.

use tollgate::rate_limited;

#[rate_limited("100/minute", burst = 200, key = ip, burst = 300)]
async fn burst() {}

#[rate_limited("100/minute", shadow, shadow)]
async fn shadow() {}

fn main() {}
