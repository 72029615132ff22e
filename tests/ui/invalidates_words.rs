//! Words of other libraries.

use tollgate::invalidates;

#[invalidates(tag = ["airports"], key = ["airport"])]
async fn renamed() {}

#[invalidates(all_entries = true)]
async fn of_spring() {}

#[invalidates(tags = ["airports"], before_invocation = true)]
async fn before() {}

#[invalidates(path = "/airports")]
async fn a_path() {}

#[invalidates(tgas = ["airports"])]
async fn misspelt() {}

#[invalidates(tags = ["airports"], ttl = "5m")]
async fn with_time() {}

#[invalidates(tags = ["airports"])]
#[invalidates(site = "airport")]
async fn twice() {}

fn main() {}
