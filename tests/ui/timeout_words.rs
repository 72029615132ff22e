//! Words of other libraries, and those of the other form.

use tollgate::timeout;

#[timeout("2s", total = "5s")]
async fn total() {}

#[timeout(duration = "2s")]
async fn duration() {}

#[timeout(secs = 2)]
async fn seconds() {}

#[timeout("2s", status = 408)]
async fn status() {}

#[timeout("2s", cancel_running_future = true)]
async fn cancels() {}

#[timeout("2s", nmae = "slow")]
async fn slip() {}

fn main() {}
