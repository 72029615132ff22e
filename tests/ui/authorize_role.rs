//! A role is one text in visible ASCII.

use tollgate::authorize;

#[authorize(role = "")]
async fn empty() {}

#[authorize(role = " ")]
async fn blank() {}

#[authorize(role = "site admin")]
async fn space() {}

#[authorize(role = " editor ")]
async fn blanks_around() {}

#[authorize(role = "reader, editor")]
async fn several() {}

#[authorize(role = "rédacteur")]
async fn another_alphabet() {}

#[authorize(role = "editor\n")]
async fn control_character() {}

#[authorize(role = "edi\0tor")]
async fn inner_control_character() {}

#[authorize(role = editor)]
async fn word() {}

#[authorize(role = Role::Editor)]
async fn path() {}

#[authorize(role = 5)]
async fn number() {}

#[authorize(role = ["reader", "editor"])]
async fn list() {}

#[authorize(role = ("editor"))]
async fn list_of_one() {}

#[authorize(role)]
async fn nothing() {}

fn main() {}
