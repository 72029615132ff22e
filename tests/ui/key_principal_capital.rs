//! `key = Principal` names the type; `key = principal` is the word.

use tollgate::{Principal, authorize, rate_limited};

#[rate_limited("100/minute", key = Principal)]
async fn alone() {}

#[authorize]
#[rate_limited("100/minute", key = (ip, Principal))]
async fn within_a_tuple(_: Principal) {}

#[rate_limited("100/minute", key = tollgate::Principal)]
async fn path() {}

fn main() {}
