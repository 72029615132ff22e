//! Names of fields that tell nobody apart, or that are none.

use tollgate::cached;

#[cached(ttl = "5m", vary = ["*"])]
async fn everything() {}

#[cached(ttl = "5m", vary = ["accept language", ""])]
async fn no_names() {}

#[cached(ttl = "5m", vary = ["Accept-Language", "accept-language"])]
async fn twice() {}

#[cached(ttl = "5m", vary = ["accept", "accept"])]
async fn twice_the_same() {}

#[cached(ttl = "5m", vary = ["Authorization"])]
async fn authorization() {}

#[cached(ttl = "5m", vary = ["cookie", "host"])]
async fn cookie_and_host() {}

#[cached(ttl = "5m", vary = ["accept-langauge"])]
async fn misspelt() {}

#[cached(ttl = "5m", vary = ["accept, accept-language"])]
async fn several_in_one() {}

#[cached(ttl = "5m", vary = "accept-language")]
async fn no_list() {}

#[cached(ttl = "5m", vary = ("accept", "accept-language"))]
async fn a_tuple() {}

#[cached(ttl = "5m", vary = [ACCEPT])]
async fn a_constant() {}

#[cached(ttl = "5m", vary = [])]
async fn none() {}

#[cached(ttl = "5m", vary("accept"))]
async fn in_parentheses() {}

fn main() {}
