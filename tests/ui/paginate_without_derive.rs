//! The attribute stands where nothing is derived.

use tollgate as _;

#[derive(Clone)]
#[paginate(key = iata)]
struct Airport {
    iata: String,
}

fn main() {}
