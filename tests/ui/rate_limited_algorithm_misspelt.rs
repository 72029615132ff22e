//! An algorithm that is nearly there.

use tollgate::rate_limited;

#[rate_limited("100/minute", algorithm = gcar)]
async fn letters() {}

#[rate_limited("100/minute", algorithm = tokenbucket)]
async fn joined() {}

#[rate_limited("100/minute", algorithm = token-bucket)]
async fn hyphens() {}

#[rate_limited("100/minute", algorithm = Algorithm::TokenBucket)]
async fn variant() {}

#[rate_limited("100/minute", algorithm = "sliding_log")]
async fn text() {}

#[rate_limited("100/minute", algorithm = GCRA)]
async fn capitals() {}

fn main() {}
