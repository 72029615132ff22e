//! Two rates of one period: only the lower one would ever count.

use tollgate::rate_limited;

#[rate_limited("100/minute", "200/minute")]
async fn in_two_texts() {}

#[rate_limited("100/minute; 200/min")]
async fn in_one_text() {}

#[rate_limited("100/minute", "200/60s")]
async fn in_other_words() {}

fn main() {}
