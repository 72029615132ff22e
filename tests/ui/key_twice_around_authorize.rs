//! Two limits of one key, one before `authorize` and one behind it.

use tollgate::{authorize, rate_limited};

#[authorize]
#[rate_limited("100/minute", key = ip)]
#[rate_limited("5/second", key = ip, after = authorize)]
async fn written() {}

#[rate_limited("5/second", after = authorize)]
#[authorize]
#[rate_limited("100/minute")]
async fn implicit() {}

#[authorize]
#[rate_limited("100/minute", key = global, after = authorize)]
#[rate_limited("5/second", key = global, after = authorize)]
async fn both_behind() {}

#[rate_limited("100/minute", key = principal)]
#[rate_limited("5/second", key = principal)]
async fn by_the_principal() {}

#[rate_limited("100/minute", key = header("Principal"))]
#[rate_limited("5/second", key = principal)]
async fn of_one_name() {}

fn main() {}
