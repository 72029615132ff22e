//! Sizes that are none, or too large.

use tollgate::cached;

#[cached(ttl = "5m", max_body = "0B")]
async fn nothing() {}

#[cached(ttl = "5m", max_body = "2GiB")]
async fn too_large() {}

#[cached(ttl = "5m", max_body = 65536)]
async fn a_number() {}

#[cached(ttl = "5m", max_body = "65536")]
async fn no_unit() {}

#[cached(ttl = "5m", max_body = "1M")]
async fn a_letter() {}

#[cached(ttl = "5m", max_body = "1 megabite")]
async fn misspelt() {}

#[cached(ttl = "5m", max_body = "1.5MiB")]
async fn a_fraction() {}

#[cached(ttl = "5m", max_body = MiB)]
async fn no_text() {}

fn main() {}
