//! Times that are none, or too long.

use tollgate::cached;

#[cached(ttl = "0s")]
async fn nothing() {}

#[cached(ttl = "366 days")]
async fn more_than_a_year() {}

#[cached(ttl = 60)]
async fn a_number() {}

#[cached(ttl = "60")]
async fn no_unit() {}

#[cached(ttl = "5 minuets")]
async fn misspelt() {}

#[cached(ttl = "1.5h")]
async fn a_fraction() {}

#[cached(ttl = "1 month")]
async fn a_month() {}

#[cached(ttl)]
async fn no_value() {}

#[cached(ttl = Duration::from_secs(5))]
async fn an_expression() {}

#[cached(ttl = "5m", stale_while_revalidate = "0s", stale_if_error = "2000 days")]
async fn stale() {}

#[cached(ttl = "5m", lease = "2h")]
async fn leased() {}

#[cached(from_response = true)]
async fn a_flag_with_value() {}

fn main() {}
