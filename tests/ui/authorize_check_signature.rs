//! `check` names a function of another signature.

use tollgate::{Principal, RequestFacts, authorize};

fn of_principal(principal: &Principal) -> bool {
    principal.has_role("editor")
}

#[authorize(check = of_principal)]
async fn one_argument() {}

fn owned(_: Principal, _: &RequestFacts<'_>) -> bool {
    true
}

#[authorize(check = owned)]
async fn owned_principal() {}

fn swapped(_: &RequestFacts<'_>, _: &Principal) -> bool {
    true
}

#[authorize(check = swapped)]
async fn other_order() {}

fn result(_: &Principal, _: &RequestFacts<'_>) -> Result<(), String> {
    Ok(())
}

#[authorize(role = "editor", check = result)]
async fn other_answer() {}

async fn waits(_: &Principal, _: &RequestFacts<'_>) -> bool {
    true
}

#[authorize(check = waits)]
async fn asynchronous() {}

fn main() {}
