//! What other limiters count by.

use tollgate::rate_limited;

#[rate_limited("100/minute", key = user)]
async fn user() {}

#[rate_limited("100/minute", key = user_id())]
async fn called() {}

#[rate_limited("100/minute", key = "user")]
async fn text() {}

#[rate_limited("100/minute", key = (ip, user))]
async fn in_a_tuple() {}

#[rate_limited("100/minute", key = api_key)]
async fn api_key() {}

#[rate_limited("100/minute", key = remote_addr)]
async fn address() {}

#[rate_limited("100/minute", key = everyone)]
async fn everyone() {}

#[rate_limited("100/minute", by = user)]
async fn by_user() {}

#[rate_limited("100/minute", user)]
async fn user_alone() {}

#[rate_limited("100/minute", principal)]
async fn principal_alone() {}

#[rate_limited("100/minute", api_key)]
async fn api_key_alone() {}

fn main() {}
