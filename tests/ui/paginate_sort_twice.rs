//! One field twice.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, sort(name, elevation, name))]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, filter(name, name))]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata, sort(name), sort(elevation))]
struct Three {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
