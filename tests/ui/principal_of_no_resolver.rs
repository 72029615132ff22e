//! What does not tell who sent a request.

use http::request::Parts;
use tollgate::{Principal, Tollgate};

struct Sessions;

fn of_parts(_: &Parts) -> Option<Principal> {
    None
}

fn main() {
    let _ = Tollgate::builder().principal(Sessions);
    let _ = Tollgate::builder().principal(of_parts);
    let _ = Tollgate::builder().principal("s3cr3t");
}
