//! More rates than one function may have.

use tollgate::rate_limited;

#[rate_limited("1/s", "50/m", "1000/h", "9000/d")]
#[rate_limited("2/s", "60/m", "2000/h", "9000/d", "9000/2d", key = global)]
async fn handler() {}

fn main() {}
