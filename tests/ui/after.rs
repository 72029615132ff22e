//! `after` takes one word.

use tollgate::{authorize, rate_limited};

#[authorize]
#[rate_limited("100/minute", after = authorise)]
async fn misspelt() {}

#[authorize]
#[rate_limited("100/minute", after = extractors)]
async fn unknown() {}

#[authorize]
#[rate_limited("100/minute", after = "authorize")]
async fn text() {}

#[authorize]
#[rate_limited("100/minute", after = tollgate::authorize)]
async fn path() {}

#[authorize]
#[rate_limited("100/minute", after)]
async fn nothing() {}

#[authorize]
#[rate_limited("100/minute", after(authorize))]
async fn parentheses() {}

#[authorize]
#[rate_limited("100/minute", after_authorize)]
async fn other_word() {}

#[authorize]
#[rate_limited("100/minute", before = authorize)]
async fn before() {}

fn main() {}
