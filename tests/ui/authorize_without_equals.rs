//! Another spelling of `key = value`.

use tollgate::authorize;

#[authorize(role("editor"))]
async fn role() {}

#[authorize(role("reader", "editor"))]
async fn roles() {}

#[authorize(any_role("reader", "editor"))]
async fn any_role() {}

#[authorize(any_role(["reader", "editor"]))]
async fn any_role_of_a_list() {}

#[authorize(any_role: ["reader", "editor"])]
async fn colon() {}

#[authorize(check(is_editor))]
async fn check() {}

#[authorize = "editor"]
async fn equals() {}

fn main() {}
