//! A key that may be absent.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = elevation)]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = id)]
struct Two {
    id: std::option::Option<u64>,
}

fn main() {}
