//! A limit by the principal stands behind `authorize` anyhow.

use tollgate::{authorize, rate_limited};

#[authorize]
#[rate_limited("100/minute", key = principal, after = authorize)]
async fn principal() {}

#[authorize]
#[rate_limited("100/minute", after = authorize, key = (ip, principal))]
async fn tuple() {}

#[rate_limited("100/minute", key = principal, after = authorize)]
async fn without_authorize() {}

fn main() {}
