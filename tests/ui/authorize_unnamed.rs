//! Roles and functions without their key.

use tollgate::authorize;

#[authorize("editor")]
async fn role() {}

#[authorize("reader", "editor")]
async fn roles() {}

#[authorize(["reader", "editor"])]
async fn list() {}

#[authorize("hasAnyRole('READER', 'EDITOR')")]
async fn expression() {}

#[authorize(editor)]
async fn word() {}

#[authorize(Role::Editor)]
async fn path_of_a_role() {}

#[authorize(checks::is_editor)]
async fn path_of_a_function() {}

#[authorize(|principal, facts| true)]
async fn closure() {}

#[authorize(Role("editor"))]
async fn capital() {}

#[authorize(5)]
async fn number() {}

#[authorize("reader", role = "editor")]
async fn beside_a_role() {}

fn main() {}
