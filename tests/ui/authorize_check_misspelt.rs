//! `check` names a function that is not there.

use tollgate::{Principal, RequestFacts, authorize};

fn is_editor(_: &Principal, _: &RequestFacts<'_>) -> bool {
    true
}

#[authorize(check = is_editr)]
async fn misspelt() {}

#[authorize(check = checks::is_editor)]
async fn path() {}

fn main() {}
