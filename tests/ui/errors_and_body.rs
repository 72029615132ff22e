//! An error in the arguments does not hide those of the body.

use tollgate::rate_limited;

#[rate_limited("100/minuet")]
async fn handler() -> String {
    7
}

fn main() {}
