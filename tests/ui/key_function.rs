//! A key of one's own is a type; other limiters take a function.

use tollgate::rate_limited;

mod keys {
    pub fn of_tenant() {}
}

fn tenant() {}

#[rate_limited("100/minute", key = tenant)]
async fn function() {}

#[rate_limited("100/minute", key = keys::of_tenant)]
async fn path() {}

#[rate_limited("100/minute", key = (ip, keys::of_tenant))]
async fn in_a_tuple() {}

#[rate_limited("100/minute", key = keys::of_tenant(facts))]
async fn called() {}

fn main() {}
