//! With `from_response` the answer's own directives rule.

use tollgate::cached;

#[cached(from_response, stale_while_revalidate = "30s", stale_if_error = "1h")]
async fn handler() {}

fn main() {}
