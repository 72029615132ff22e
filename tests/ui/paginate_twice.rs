//! One option twice.

use tollgate::Paginate;

#[derive(Paginate)]
#[paginate(key = iata, key = name)]
struct One {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

#[derive(Paginate)]
#[paginate(key = iata)]
#[paginate(style = page, style = cursor)]
struct Two {
    iata: String,
    name: String,
    elevation: Option<i32>,
}

fn main() {}
