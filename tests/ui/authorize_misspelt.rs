//! "Did you mean".

use tollgate::authorize;

#[authorize(rolle = "editor")]
async fn role() {}

#[authorize(Role = "editor")]
async fn capital() {}

#[authorize(anyrole = ["reader", "editor"])]
async fn any_role() {}

#[authorize(scpoe = "airports:write")]
async fn scope() {}

#[authorize(chekc = is_editor)]
async fn check() {}

#[authorize(colour = "blue")]
async fn unknown() {}

fn main() {}
