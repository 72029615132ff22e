//! An algorithm without its key.

use tollgate::rate_limited;

#[rate_limited("100/minute", token_bucket)]
async fn token_bucket() {}

#[rate_limited("100/minute", sliding_window)]
async fn sliding_window() {}

#[rate_limited("100/minute", sliding_log)]
async fn sliding_log() {}

#[rate_limited("100/minute", fixed_window)]
async fn fixed_window() {}

#[rate_limited("100/minute", gcra)]
async fn gcra() {}

fn main() {}
