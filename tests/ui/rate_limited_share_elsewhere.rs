//! What other libraries call a budget of several functions.

use tollgate::rate_limited;

#[rate_limited("100/minute", shared = "logins")]
async fn shared() {}

#[rate_limited("100/minute", bucket = "logins")]
async fn bucket() {}

#[rate_limited("100/minute", group = logins)]
async fn group() {}

fn main() {}
