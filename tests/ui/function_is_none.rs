//! An attribute of ours in front of something that is no function.

use tollgate::{rate_limited, with_metrics};

#[rate_limited("100/minute")]
struct Airport;

#[with_metrics]
mod airports {}

#[rate_limited("100/minute")]
pub(crate) const LIMIT: u32 = 100;

#[rate_limited("100/minute")]
static PRINT: fn() = || ();

#[with_metrics]
impl Airport {
    async fn all() {}
}

#[rate_limited("100/minute")]
#[derive(Debug)]
enum Kind {
    Large,
}

fn main() {}
