use tollgate::call;

#[call::rate_limited("5/second")]
struct Client;

fn main() {}
