//! Words of other libraries.

use tollgate::cached;

#[cached(time = 60)]
async fn of_seconds() {}

#[cached(expire = "60s", max_age = "5m")]
async fn renamed_twice() {}

#[cached(ttl_secs = 60)]
async fn with_unit() {}

#[cached(ttl = "5m", size = 100)]
async fn with_size() {}

#[cached(ttl = "5m", convert = r#"{ format!("{iata}") }"#)]
async fn with_convert() {}

#[cached(ttl = "5m", result = true, sync_writes = true)]
async fn of_the_crate_cached() {}

#[cached(ttl = "5m", vary_by = ["accept"], tag = ["airports"], swr = "30s")]
async fn renamed() {}

#[cached(ttl = "5m", cache_control = "public")]
async fn with_directives() {}

#[cached(ttl = "5m", private)]
async fn private() {}

#[cached(ttl = "5m", on_store_error = fail_closed)]
async fn with_the_word_of_limits() {}

#[cached(ttl = "5m", on_store_error = memroy)]
async fn misspelt_word() {}

#[cached(tll = "5m")]
async fn misspelt() {}

#[cached(ttl = "5m", furlong = 1)]
async fn unknown() {}

#[cached(ttl = "5m", ttl = "6m")]
async fn given_twice() {}

#[cached(ttl: "5m", public = true)]
async fn spelled_otherwise() {}

fn main() {}
