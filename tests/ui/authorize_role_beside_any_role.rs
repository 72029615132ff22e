//! One list holds all the roles of which one is enough.

use tollgate::authorize;

#[authorize(role = "admin", any_role = ["reader", "editor"])]
async fn another() {}

#[authorize(any_role = ["reader", "editor"], role = "editor")]
async fn among_them() {}

#[authorize(any_role = ["editor"], role = "editor")]
async fn alone() {}

#[authorize(any_role = "reader", role = "admin")]
async fn wrong() {}

fn main() {}
