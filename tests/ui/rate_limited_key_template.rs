//! A key of a handler names nothing that the handler extracts.

use tollgate::rate_limited;

#[rate_limited("100/minute", key = "{tenant}")]
async fn one() {}

#[rate_limited("100/minute", key = "airport:{iata}")]
async fn with_text() {}

#[rate_limited("100/minute", key = "{}")]
async fn no_name() {}

#[rate_limited("100/minute", key = (ip, "{user_id}"))]
async fn in_a_tuple() {}

fn main() {}
