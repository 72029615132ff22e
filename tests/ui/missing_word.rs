//! `missing` is one of three words.

use tollgate::rate_limited;

#[rate_limited("100/minute", missing = deny)]
async fn unknown() {}

#[rate_limited("100/minute", missing = anonimous)]
async fn misspelt() {}

#[rate_limited("100/minute", missing = "reject")]
async fn text() {}

fn main() {}
