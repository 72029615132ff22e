//! `tiers` takes a path, and no closure.

use tollgate::rate_limited;

#[rate_limited("100/minute", tiers = |facts| FREE)]
async fn one_argument() {}

#[rate_limited("100/minute", tiers = |facts, user| FREE, shadow)]
async fn two_arguments() {}

fn main() {}
