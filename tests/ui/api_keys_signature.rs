//! Functions that look no API key up.

use tollgate::{ApiKeys, Principal, Refusal};

async fn of_reference(_: &str) -> Result<Option<Principal>, Refusal> {
    Ok(None)
}

async fn of_other_answer(_: String) -> Option<Principal> {
    None
}

fn at_once(_: String) -> Result<Option<Principal>, Refusal> {
    Ok(None)
}

fn main() {
    let _ = ApiKeys::new("x-api-key", of_reference);
    let _ = ApiKeys::new("x-api-key", of_other_answer);
    let _ = ApiKeys::new("x-api-key", at_once);
}
