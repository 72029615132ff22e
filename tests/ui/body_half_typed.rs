//! A body that is being typed is still a body.

use tollgate::rate_limited;

#[rate_limited("100/minute")]
async fn handler() -> String {
    let name = String::new();
    name.
}

fn main() {}
