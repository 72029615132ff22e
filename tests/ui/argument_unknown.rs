//! A word that is neither ours nor near to one of ours.

use tollgate::rate_limited;

#[rate_limited("100/minute", colour = blue)]
async fn unknown() {}

#[rate_limited("100/minute", precision = high)]
async fn another() {}

fn main() {}
