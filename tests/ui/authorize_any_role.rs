//! A list of texts, each of them a role and none twice.

use tollgate::authorize;

#[authorize(any_role = [])]
async fn empty() {}

#[authorize(any_role = "editor")]
async fn text() {}

#[authorize(any_role = "reader, editor")]
async fn text_of_several() {}

#[authorize(any_role = ("reader", "editor"))]
async fn parentheses() {}

#[authorize(any_role = &["reader", "editor"])]
async fn reference() {}

#[authorize(any_role = ["reader", "editor", "reader"])]
async fn twice() {}

#[authorize(any_role = ["reader", ""])]
async fn blank() {}

#[authorize(any_role = ["reader", "site admin"])]
async fn space() {}

#[authorize(any_role = [reader, Role::Editor])]
async fn words() {}

#[authorize(any_role = ["reader" "editor"])]
async fn comma_forgotten() {}

#[authorize(any_role = ROLES)]
async fn constant() {}

#[authorize(any_role)]
async fn nothing() {}

fn main() {}
