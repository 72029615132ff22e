//! What other libraries call the choice of an algorithm.

use tollgate::rate_limited;

#[rate_limited("100/minute", strategy = fixed_window)]
async fn strategy() {}

#[rate_limited("100/minute", type = sliding)]
async fn r#type() {}

#[rate_limited("100/minute", algo(token_bucket))]
async fn algo() {}

#[rate_limited("100/minute", algoritm = gcra)]
async fn misspelt() {}

fn main() {}
