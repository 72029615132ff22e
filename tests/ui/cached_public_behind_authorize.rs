//! What is for whoever may see it is not for everybody.

use tollgate::{authorize, cached};

#[cached(ttl = "5m", public)]
#[authorize(role = "reader")]
async fn handler() {}

fn main() {}
