//! More rows by default than at most.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, default_per_page = 50, max_per_page = 25)]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, default_per_page = 200)]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
