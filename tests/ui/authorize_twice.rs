//! All that has to hold stands in one attribute, each key once.

use tollgate::authorize;

#[authorize(role = "editor")]
#[authorize(scope = "airports:write")]
async fn attribute() {}

#[authorize(role = "reader", role = "editor")]
async fn role() {}

#[authorize(role = "editor", role = "editor")]
async fn same_role() {}

#[authorize(scope = "airports:read", scope = "airports:write")]
async fn scope() {}

#[authorize(any_role = ["reader"], roles = ["editor"])]
async fn other_word() {}

fn main() {}
