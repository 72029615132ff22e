//! A handler is not asked again.

#[tollgate::retry(attempts = 3)]
async fn handler() {}

fn main() {}
