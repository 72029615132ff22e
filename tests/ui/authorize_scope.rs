//! A scope is a scope-token of RFC 6749.

use tollgate::authorize;

#[authorize(scope = "")]
async fn empty() {}

#[authorize(scope = "airports:read airports:write")]
async fn several() {}

#[authorize(scope = " airports:write")]
async fn blanks_around() {}

#[authorize(scope = "airports\"write")]
async fn quote() {}

#[authorize(scope = "airports\\write")]
async fn backslash() {}

#[authorize(scope = "aéroports")]
async fn another_alphabet() {}

#[authorize(scope = ["airports:read", "airports:write"])]
async fn list() {}

#[authorize(scope = ["airports:write"])]
async fn list_of_one() {}

#[authorize(scope = airports)]
async fn word() {}

#[authorize(scope = airports::write)]
async fn path() {}

#[authorize(scope)]
async fn nothing() {}

fn main() {}
