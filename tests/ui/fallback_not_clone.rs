//! What a fallback takes is cloned before the handler takes it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tollgate::fallback;

struct Once;

impl<S: Sync> FromRequestParts<S> for Once {
    type Rejection = ();

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, ()> {
        Ok(Self)
    }
}

async fn instead(_: Once) -> &'static str {
    "nothing"
}

#[fallback(instead)]
async fn weather(_: Once) -> &'static str {
    "rain"
}

fn main() {}
