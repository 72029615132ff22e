//! A check is the path of a function.

use tollgate::authorize;

#[authorize(check = "checks::is_editor")]
async fn text() {}

#[authorize(check = "principal.is_editor")]
async fn text_of_something_else() {}

#[authorize(check = |principal, facts| true)]
async fn closure() {}

#[authorize(check = move |_, _| false)]
async fn moved_closure() {}

#[authorize(check = checks::is_editor())]
async fn call() {}

#[authorize(check = is_one_of("reader", "editor"))]
async fn call_with_arguments() {}

#[authorize(check = is_editor && is_owner)]
async fn both() {}

#[authorize(check = [is_editor, is_owner])]
async fn list() {}

#[authorize(check = true)]
async fn word() {}

#[authorize(check)]
async fn nothing() {}

fn main() {}
